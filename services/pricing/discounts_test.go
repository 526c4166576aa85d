package pricing_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// Proves: G1
func TestGetAllDiscounts(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))
	res, err := pricingapi.GetAllDiscounts.Call(t.Context(), s.caller, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	welcomeFrom, saveFrom := money.Of(100_00, "USD"), money.Of(300_00, "USD")
	want := pricingapi.GetAllDiscountsResponse{
		Discounts: []pricingapi.Discount{
			{Code: "WELCOME10", Type: pricingapi.Percentage, Percent: 10, Provider: "simple-promo",
				Conditions: pricingapi.Conditions{MinAmount: &welcomeFrom}},
			{Code: "SAVE50", Type: pricingapi.Percentage, Percent: 50, Provider: "simple-promo",
				Conditions: pricingapi.Conditions{MinAmount: &saveFrom}},
		},
		Warnings: []appsapi.Warning{},
	}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

func validate(t *testing.T, s *shop, code string) (pricingapi.ValidateDiscountResponse, error) {
	t.Helper()
	return pricingapi.ValidateDiscount.Call(t.Context(), s.caller, pricingapi.ValidateDiscountRequest{ProjectID: "demo", Code: code})
}

// Proves: G2
func TestValidateDiscount(t *testing.T) {
	s := open(t, discounts(demoDiscounts()))

	res, err := validate(t, s, " welcome10 ")
	if err != nil {
		t.Fatal(err)
	}
	if !res.Valid || res.Code != "WELCOME10" || res.Discount == nil || res.Discount.Percent != 10 || res.Reason != "" {
		t.Errorf("known code: %+v", res)
	}

	res, err = validate(t, s, " nosuch ")
	if err != nil {
		t.Fatal(err)
	}
	if res.Valid || res.Code != "nosuch" || res.Discount != nil || res.Reason != pricingapi.ReasonNotFound {
		t.Errorf("unknown code: %+v", res)
	}

	for _, failing := range []answer{
		fails(bus.Errorf(bus.Unavailable, "apps is down")),
		discounts(nil, appsapi.Warning{Code: appsapi.ProviderError, Provider: "other"}),
		discounts(nil, appsapi.Warning{Code: appsapi.ProviderTimeout, Provider: "other"}),
	} {
		_, err = validate(t, open(t, failing), "WELCOME10")
		if !errors.Is(err, pricingapi.ErrProvidersUnavailable) || bus.CodeOf(err) != bus.Unavailable {
			t.Errorf("failing provider: error = %v, want ErrProvidersUnavailable", err)
		}
	}
}

// A code that a working provider knows is valid, whoever else failed.
func TestKnownCodeBesideAFailingProvider(t *testing.T) {
	s := open(t, discounts(demoDiscounts(), appsapi.Warning{Code: appsapi.ProviderTimeout, Provider: "other", Message: "too slow"}))
	res, err := validate(t, s, "SAVE50")
	if err != nil || !res.Valid {
		t.Fatalf("SAVE50 = %+v, %v; want it valid", res, err)
	}
	want := []appsapi.Warning{{Code: appsapi.ProviderTimeout, Provider: "other", Message: "too slow"}}
	if diff := cmp.Diff(want, res.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestValidateDiscountRefusesWithPaths(t *testing.T) {
	s := open(t, discounts(nil))
	_, err := pricingapi.ValidateDiscount.Call(t.Context(), s.caller, pricingapi.ValidateDiscountRequest{Code: "  "})
	if diff := cmp.Diff(map[string]string{"projectId": "required", "code": "required"}, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func listAll(ctx context.Context, s *shop) (pricingapi.GetAllDiscountsResponse, error) {
	return pricingapi.GetAllDiscounts.Call(ctx, s.caller, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
}

// Whatever way apps fails, the list is empty with one warning; a project that
// does not exist is an error.
func TestListWithoutProviders(t *testing.T) {
	for name, apps := range map[string]answer{
		"not there":        nil,
		"down":             fails(bus.Errorf(bus.Unavailable, "apps is down")),
		"undeclared error": fails(errors.New("disk full")),
	} {
		res, err := listAll(t.Context(), open(t, apps))
		if err != nil {
			t.Errorf("apps %s: error %v, want none", name, err)
		}
		if diff := cmp.Diff([]appsapi.WarningCode{appsapi.InternalError}, codesOf(res.Warnings)); diff != "" || res.Discounts == nil || len(res.Discounts) > 0 {
			t.Errorf("apps %s: %+v", name, res)
		}
	}
	_, err := listAll(t.Context(), open(t, fails(appsapi.ErrProjectNotFound.Errorf("no project"))))
	if !errors.Is(err, pricingapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("unknown project: error = %v, want ErrProjectNotFound", err)
	}
}

// Apps that hang cost the answer after the provider timeout; a caller that has
// less time gets a deadline, not an answer without discounts.
func TestHangingProviders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, hangs)
		start := time.Now()
		res, err := listAll(t.Context(), s)
		if err != nil || len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
			t.Errorf("hanging apps: %+v, %v; want one INTERNAL_ERROR warning", res, err)
		}
		if took := time.Since(start); took != pricing.DefaultConfig().ProviderTimeout {
			t.Errorf("the answer took %s, want the provider timeout", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = listAll(ctx, s); bus.CodeOf(err) != bus.DeadlineExceeded {
			t.Errorf("hurried caller: error = %v, want DeadlineExceeded", err)
		}
	})
}

func TestDiscountsThatAreNoneAreLeftOut(t *testing.T) {
	offered := append(demoDiscounts(),
		percentage("ZERO", 0, money.Of(0, "USD")), percentage("MUCH", 101, money.Of(0, "USD")),
		fixed("LESS", money.Of(-1, "USD")), plugin.Discount{Code: "GIFT", Type: "gift", Provider: "simple-promo"},
		plugin.Discount{Type: plugin.Percentage, Percent: 10, Provider: "simple-promo"})
	s := open(t, discounts(offered))
	res, err := pricingapi.GetAllDiscounts.Call(t.Context(), s.caller, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Discounts) != 2 {
		t.Errorf("discounts = %+v, want the two sound ones", res.Discounts)
	}
	for _, w := range res.Warnings {
		if w.Code != pricingapi.DiscountInvalid || w.Provider != "simple-promo" {
			t.Errorf("warning = %+v, want DISCOUNT_INVALID of simple-promo", w)
		}
	}
	if len(res.Warnings) != 5 {
		t.Errorf("%d warnings, want one for each of the 5 flawed discounts", len(res.Warnings))
	}
}
