package payments_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// Proves: P1
func TestMethodsWithFlowAndConstraints(t *testing.T) {
	b, _ := open(t, methods())
	res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"})
	want := paymentsapi.GetPaymentMethodsResponse{
		Methods: []paymentsapi.PaymentMethod{
			{Code: "novaposhta:cod_cash", Provider: "novaposhta", Flow: paymentsapi.OnDelivery, Metadata: map[string]string{"at": "door"},
				Constraints: paymentsapi.Constraints{ShippingMethodCodes: []string{"novaposhta:warehouse_warehouse", "novaposhta:warehouse_doors"}}},
			{Code: "meest:cod_cash", Provider: "meest", Flow: paymentsapi.OnDelivery, Metadata: map[string]string{"at": "door"},
				Constraints: paymentsapi.Constraints{ShippingMethodCodes: []string{"meest:warehouse_warehouse", "meest:doors_doors"}}},
			{Code: "bank-transfer:bank_transfer", Provider: "bank-transfer", Flow: paymentsapi.Offline, Metadata: map[string]string{},
				Constraints: paymentsapi.Constraints{ShippingMethodCodes: []string{}}},
		},
		Warnings: []appsapi.Warning{},
	}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

// Proves: P2
func TestCurrencyFilter(t *testing.T) {
	b, _ := open(t, methods())
	for currency, want := range map[money.Currency][]string{
		"GBP": {"novaposhta:cod_cash", "meest:cod_cash"},
		"USD": {"novaposhta:cod_cash", "meest:cod_cash", "bank-transfer:bank_transfer"},
	} {
		res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", Currency: currency})
		if diff := cmp.Diff(want, codes(res)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", currency, diff)
		}
	}
}

// Proves: P3
func TestWithoutProviders(t *testing.T) {
	for name, apps := range map[string]answer{
		"not there":        nil,
		"down":             fails(bus.Errorf(bus.Unavailable, "apps is down")),
		"undeclared error": fails(errors.New("disk full")),
	} {
		b, _ := open(t, apps)
		res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"})
		if res.Methods == nil || len(res.Methods) > 0 || len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
			t.Errorf("apps %s: %+v, want an empty list and one INTERNAL_ERROR warning", name, res)
		}
	}
}

// Apps that hang cost the answer after the provider timeout; a caller that has
// less time gets a deadline.
func TestHangingProviders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, hangs)
		start := time.Now()
		res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"})
		if len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
			t.Errorf("hanging apps: %+v", res)
		}
		if took := time.Since(start); took != payments.DefaultConfig().ProviderTimeout {
			t.Errorf("the answer took %s, want the provider timeout", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := paymentsapi.GetPaymentMethods.Call(ctx, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"})
		if bus.CodeOf(err) != bus.DeadlineExceeded {
			t.Errorf("hurried caller: error = %v, want DeadlineExceeded", err)
		}
	})
}

func TestOneFailingProvider(t *testing.T) {
	b, _ := open(t, methods(appsapi.Warning{Code: appsapi.ProviderTimeout, Provider: "other", Message: "too slow"}))
	res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"})
	want := []appsapi.Warning{{Code: appsapi.ProviderTimeout, Provider: "other", Message: "too slow"}}
	if diff := cmp.Diff(want, res.Warnings); diff != "" || len(res.Methods) != 3 {
		t.Errorf("%d methods, warnings (-want +got):\n%s", len(res.Methods), diff)
	}
}

// Proves: P4 (what is offered; that a choice outside of it is refused is the
// checkout's part)
func TestMethodsThatDoNotGoWithTheShippingMethodAreLeftOut(t *testing.T) {
	b, _ := open(t, methods())
	for shipping, want := range map[string][]string{
		"novaposhta:warehouse_doors": {"novaposhta:cod_cash", "bank-transfer:bank_transfer"},
		"meest:doors_doors":          {"meest:cod_cash", "bank-transfer:bank_transfer"},
		"meest:warehouse_doors":      {"bank-transfer:bank_transfer"},
		"other:courier":              {"bank-transfer:bank_transfer"},
	} {
		res := get(t, b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", ShippingMethod: shipping})
		if diff := cmp.Diff(want, codes(res)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", shipping, diff)
		}
	}
}

func TestUnknownProjectIsAnError(t *testing.T) {
	b, _ := open(t, fails(appsapi.ErrProjectNotFound.Errorf("no project")))
	_, err := paymentsapi.GetPaymentMethods.Call(t.Context(), b, paymentsapi.GetPaymentMethodsRequest{ProjectID: "nobody"})
	if !errors.Is(err, paymentsapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("error = %v, want ErrProjectNotFound", err)
	}
}

func TestRefusesWithPaths(t *testing.T) {
	b, apps := open(t, methods())
	for _, shipping := range []string{"warehouse_doors", ":code", "provider:", "a:b:c"} {
		_, err := paymentsapi.GetPaymentMethods.Call(t.Context(), b, paymentsapi.GetPaymentMethodsRequest{Currency: "usd", ShippingMethod: shipping})
		var invalid *bus.Error
		if !errors.As(err, &invalid) || invalid.Code != bus.InvalidArgument {
			t.Fatalf("%s: error = %v, want InvalidArgument", shipping, err)
		}
		got := map[string]string{}
		for _, field := range invalid.Fields() {
			got[field.Field] = field.Rule
		}
		want := map[string]string{"projectId": "required", "currency": "enum", "shippingMethod": "pattern"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", shipping, diff)
		}
	}
	if rounds := len(apps.Calls()); rounds > 0 {
		t.Errorf("requests that are not valid took %d rounds to the providers", rounds)
	}
}

// What a caller does to an answer is not seen by the next one.
func TestAnswersAreTheCallersOwn(t *testing.T) {
	b, _ := open(t, methods())
	req := paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo"}
	first := get(t, b, req)
	other, _ := open(t, methods())
	first.Methods[0].Metadata["at"] = "changed"
	first.Methods[0].Constraints.ShippingMethodCodes[0] = "changed"
	if diff := cmp.Diff(get(t, other, req), get(t, b, req)); diff != "" {
		t.Errorf("the second answer (-want +got):\n%s", diff)
	}
}
