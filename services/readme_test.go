package services_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// contract is what the code of a service says, to be compared with its README.
type contract struct {
	actions  []any // *bus.Action of any types
	errors   []*bus.Declared
	config   any
	warnings []string
}

var contracts = map[string]contract{
	"delivery": {
		actions:  []any{deliveryapi.ShippingMethods, deliveryapi.CreateDeliveryGroups},
		errors:   []*bus.Declared{deliveryapi.ErrProjectNotFound},
		config:   delivery.DefaultConfig(),
		warnings: names(deliveryapi.InternalError, deliveryapi.ProviderError, deliveryapi.ProviderTimeout),
	},
	"inventory": {
		actions: []any{inventoryapi.GetOffers},
		errors:  []*bus.Declared{inventoryapi.ErrProjectNotFound},
		config:  inventory.DefaultConfig(),
		warnings: names(inventoryapi.InternalError, inventoryapi.ProviderError, inventoryapi.ProviderTimeout,
			inventoryapi.ProductNotFound, inventoryapi.OfferNotChecked, inventoryapi.CurrencyNotAvailable),
	},
	"payments": {
		actions:  []any{paymentsapi.GetPaymentMethods},
		errors:   []*bus.Declared{paymentsapi.ErrProjectNotFound},
		config:   payments.DefaultConfig(),
		warnings: names(paymentsapi.InternalError, paymentsapi.ProviderError, paymentsapi.ProviderTimeout),
	},
	"pricing": {
		actions: []any{pricingapi.GetAllDiscounts, pricingapi.ValidateDiscount, pricingapi.EvaluateDiscounts},
		errors:  []*bus.Declared{pricingapi.ErrProjectNotFound, pricingapi.ErrProvidersUnavailable},
		config:  pricing.DefaultConfig(),
		warnings: append(names(pricingapi.InternalError, pricingapi.ProviderError, pricingapi.ProviderTimeout,
			pricingapi.DiscountNotFound, pricingapi.DiscountNotChecked, pricingapi.DiscountInvalid,
			pricingapi.MinAmountNotReached, pricingapi.CurrencyMismatch), string(pricingapi.ReasonNotFound)),
	},
}

func names[T ~string](codes ...T) []string {
	var all []string
	for _, code := range codes {
		all = append(all, string(code))
	}
	return all
}

var sections = []string{"Name", "Purpose", "Config", "Actions", "Errors", "Metrics"}

// TestReadmesSayWhatTheCodeSays compares names in both directions where a README
// writes them in a way of their own: actions and errors as service.name, settings
// with underscores, codes in capitals.
func TestReadmesSayWhatTheCodeSays(t *testing.T) {
	for service, contract := range contracts {
		content, err := os.ReadFile(service + "/README.md")
		if err != nil {
			t.Fatal(err)
		}
		readme := string(content)
		var got []string
		for _, heading := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(readme, -1) {
			got = append(got, heading[1])
		}
		if !slices.Equal(got, sections) {
			t.Errorf("%s: sections %q, want %q", service, got, sections)
		}
		compare(t, service+" names", readme, service+`\.[A-Za-z]+`, contract.names())
		compare(t, service+" settings", readme, `[a-z]+(?:_[a-z]+)+`, append(contract.settings(), "invalid_argument", "not_found"), "bus_")
		compare(t, service+" codes", readme, `[A-Z]+(?:_[A-Z]+)+`, contract.warnings, "MERCHANT_", "CARRIER_", "ON_DELIVERY")
		for _, field := range contract.fields() {
			if !regexp.MustCompile(`[\x60.]` + field + `\x60`).MatchString(readme) {
				t.Errorf("%s/README.md does not name the field %s", service, field)
			}
		}
	}
}

// compare wants the words between backquotes that match the pattern to be those
// of the code, but for words with one of the prefixes.
func compare(t *testing.T, what, readme, pattern string, want []string, ignored ...string) {
	t.Helper()
	written := map[string]bool{}
	for _, match := range regexp.MustCompile("`("+pattern+")`").FindAllStringSubmatch(readme, -1) {
		written[match[1]] = true
	}
	for _, word := range want {
		if !written[word] && !strings.HasPrefix(word, "NOT_") && word != "invalid_argument" && word != "not_found" {
			t.Errorf("%s: the README does not have `%s`", what, word)
		}
		delete(written, word)
	}
	for word := range written {
		if !slices.ContainsFunc(ignored, func(prefix string) bool { return strings.HasPrefix(word, prefix) }) {
			t.Errorf("%s: the README has `%s`, the code has not", what, word)
		}
	}
}

// names are those of the actions and errors.
func (c contract) names() []string {
	var all []string
	for _, action := range c.actions {
		all = append(all, action.(interface{ Name() string }).Name())
	}
	for _, declared := range c.errors {
		all = append(all, declared.Reason())
	}
	return all
}

// settings are the keys of the configuration.
func (c contract) settings() []string {
	var keys []string
	for field := range reflect.TypeOf(c.config).Fields() {
		keys = append(keys, field.Tag.Get("yaml"))
	}
	return keys
}

// fields are the JSON names in all requests and responses.
func (c contract) fields() []string {
	found := map[string]bool{}
	for _, action := range c.actions {
		handler, _ := reflect.TypeOf(action).MethodByName("Call")
		collect(handler.Type.In(3), found)
		collect(handler.Type.Out(0), found)
	}
	var all []string
	for name := range found {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// collect follows a type of this repository's contracts to its JSON names.
func collect(t reflect.Type, into map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(t.Elem(), into)
	case reflect.Struct:
		if !strings.Contains(t.PkgPath(), "/services/") {
			return // money is money
		}
		for field := range t.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
				into[name] = true
			}
			collect(field.Type, into)
		}
	}
}
