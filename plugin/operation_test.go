package plugin_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
)

type quoteQuery struct {
	City   string `json:"city"`
	Weight int    `json:"weight"`
}

func (q quoteQuery) Validate() error {
	if q.Weight < 0 {
		return plugin.Invalid(plugin.FieldError{Field: "weight", Rule: "minimum", Message: "must not be negative"})
	}
	return nil
}

type quoted struct {
	Price money.Money `json:"price"`
	Rate  float64     `json:"rate"`
}

var quotes = plugin.NewOperation[quoteQuery, quoted](plugin.Delivery, "quotes", "quotes")

func quoting(serve func(context.Context, quoteQuery) ([]quoted, []plugin.Warning, error)) *plugin.Provider {
	provider := plugin.NewProvider(nil)
	quotes.Serve(provider, serve)
	return provider
}

func TestOperationCarriesBothSides(t *testing.T) {
	var asked quoteQuery
	provider := quoting(func(_ context.Context, q quoteQuery) ([]quoted, []plugin.Warning, error) {
		asked = q
		return []quoted{{Price: money.Of(100, "UAH")}, {Price: money.Of(5, "JPY"), Rate: 1}},
			[]plugin.Warning{{Code: "SLOW", Subject: q.City, Message: "it takes long"}}, nil
	})
	sent := quoteQuery{City: "Lviv", Weight: 3}
	params, err := quotes.Params(sent)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := provider.Run(t.Context(), quotes.Domain(), quotes.Name(), params)
	if err != nil {
		t.Fatal(err)
	}
	results, err := quotes.Results(reply.Data)
	if err != nil {
		t.Fatal(err)
	}
	if asked != sent {
		t.Errorf("the provider was asked %+v, want %+v", asked, sent)
	}
	if want := []quoted{{Price: money.Of(100, "UAH")}, {Price: money.Of(5, "JPY"), Rate: 1}}; !reflect.DeepEqual(results, want) {
		t.Errorf("the results are %+v, want %+v", results, want)
	}
	if want := []plugin.Warning{{Code: "SLOW", Subject: "Lviv", Message: "it takes long"}}; !reflect.DeepEqual(reply.Warnings, want) {
		t.Errorf("the warnings are %+v, want %+v", reply.Warnings, want)
	}
	if quotes.String() != "delivery.quotes" {
		t.Errorf("the operation is called %s", quotes)
	}
}

func TestParams(t *testing.T) {
	for params, want := range map[string]struct{ warned, mistake string }{
		``:                                  {},
		`{}`:                                {},
		`null`:                              {},
		`{"city": "Lviv"}`:                  {},
		`{"city": "Lviv", "express": true}`: {warned: "express"},
		`{"city": 5, "express": true}`:      {mistake: "city: must be a string, not a number"},
		`{"weight": -1}`:                    {mistake: "weight: must not be negative"},
		`{"weight": -1, "express": true}`:   {mistake: "weight: must not be negative"},
		`"Lviv"`:                            {mistake: `must be an object, not a string`},
		`{"city": "Lviv"} {"city": "Kyiv"}`: {mistake: "must be one JSON object"},
	} {
		t.Run(params, func(t *testing.T) {
			served := false
			reply, err := quoting(func(context.Context, quoteQuery) ([]quoted, []plugin.Warning, error) {
				served = true
				return nil, nil, nil
			}).Run(t.Context(), plugin.Delivery, "quotes", json.RawMessage(params))
			if want.mistake != "" {
				var invalid *plugin.InvalidError
				if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want.mistake) || served {
					t.Errorf("got %v (served %t), want %q", err, served, want.mistake)
				}
				return
			}
			if err != nil || reply.Data == nil || len(reply.Data) != 0 {
				t.Fatalf("got %v, %v", reply.Data, err)
			}
			if warned := warnedParam(reply.Warnings); warned != want.warned {
				t.Errorf("warned of %q, want %q: %+v", warned, want.warned, reply.Warnings)
			}
		})
	}
}

func warnedParam(warnings []plugin.Warning) string {
	if len(warnings) == 1 && warnings[0].Code == plugin.UnknownParam {
		return warnings[0].Subject
	}
	return ""
}

func TestParamsAreCheckedBeforeTheyAreSent(t *testing.T) {
	_, err := quotes.Params(quoteQuery{Weight: -1})
	var invalid *plugin.InvalidError
	if !errors.As(err, &invalid) || invalid.Fields[0].Field != "weight" {
		t.Errorf("got %v, want a mistake at weight", err)
	}
	if _, err := plugin.NewOperation[float64, int](plugin.Delivery, "x", "xs").Params(math.NaN()); err == nil {
		t.Error("NaN passes as JSON")
	}
}

func TestFailures(t *testing.T) {
	cause := errors.New("the carrier is closed")
	provider := quoting(func(_ context.Context, q quoteQuery) ([]quoted, []plugin.Warning, error) {
		if q.City == "nan" {
			return []quoted{{}, {Rate: math.NaN()}}, nil, nil
		}
		return nil, nil, cause
	})
	if _, err := provider.Run(t.Context(), plugin.Delivery, "quotes", nil); !errors.Is(err, cause) {
		t.Errorf("got %v, want the provider's error", err)
	}
	_, err := provider.Run(t.Context(), plugin.Delivery, "quotes", json.RawMessage(`{"city": "nan"}`))
	if err == nil || !strings.Contains(err.Error(), "result 1 of delivery.quotes") {
		t.Errorf("got %v, want an error that names result 1", err)
	}
	for _, other := range []struct {
		domain plugin.Domain
		name   string
	}{{plugin.Delivery, "list"}, {plugin.Pricing, "quotes"}, {"", ""}} {
		if _, err := provider.Run(t.Context(), other.domain, other.name, nil); !errors.Is(err, plugin.ErrNotServed) {
			t.Errorf("%v: got %v, want ErrNotServed", other, err)
		}
	}
	_, err = quotes.Results([]plugin.Item{{JSON: json.RawMessage(`{}`)}, {JSON: json.RawMessage(`{"rate": "high"}`)}})
	if err == nil || !strings.Contains(err.Error(), "result 1 of delivery.quotes") {
		t.Errorf("got %v, want an error that names result 1", err)
	}
}

func TestQueriesAreChecked(t *testing.T) {
	for field, err := range map[string]error{
		"currency":               plugin.PaymentQuery{Currency: "usd"}.Validate(),
		"items[1].quantity":      plugin.OffersQuery{Items: []plugin.OfferItem{{PurchasableID: "a", Quantity: 1}, {PurchasableID: "b"}}}.Validate(),
		"items[0].purchasableId": plugin.OffersQuery{Currency: "USD", Items: []plugin.OfferItem{{Quantity: 1}}}.Validate(),
	} {
		var invalid *plugin.InvalidError
		if !errors.As(err, &invalid) || invalid.Fields[0].Field != field {
			t.Errorf("got %v, want a mistake at %s", err, field)
		}
	}
	if err := (plugin.PaymentQuery{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestRefs(t *testing.T) {
	if got := (plugin.ShippingMethod{Provider: "meest", Code: "doors_doors"}).Ref(); got != "meest:doors_doors" {
		t.Errorf("the ref is %q", got)
	}
}
