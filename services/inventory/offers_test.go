package inventory_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// Proves: I1
func TestOffers(t *testing.T) {
	b, _ := open(t, offers(demoProducts()))
	res := get(t, b, request("backpack", "nosuch", "mug", "card"))
	before := money.Of(15_00, "USD")
	want := inventoryapi.GetOffersResponse{
		Offers: []inventoryapi.Offer{
			{LineID: "1", PurchasableID: "backpack", UnitPrice: money.Of(80_00, "USD"), IsPhysical: true, PaymentMode: inventoryapi.Deferred},
			{LineID: "3", PurchasableID: "mug", UnitPrice: money.Of(10_00, "USD"), UnitCompareAtPrice: &before,
				IsAvailable: true, IsPhysical: true, PaymentMode: inventoryapi.Immediate,
				PurchasableSnapshot: inventoryapi.Snapshot{Title: "Mug", SKU: "MG", ImageURL: "https://catalog.example/mug.jpg",
					Data: json.RawMessage(`{"stockStatus":"IN_STOCK"}`)},
				ProviderPayload: json.RawMessage(`{"provider":"catalog"}`)},
			{LineID: "4", PurchasableID: "card", UnitPrice: money.Of(50_00, "USD"), IsAvailable: true, PaymentMode: inventoryapi.Immediate},
		},
		Warnings: []inventoryapi.Warning{
			{LineID: "2", Warning: appsapi.Warning{
				Code: inventoryapi.ProductNotFound, Subject: "nosuch", Message: `There is no product "nosuch".`}},
		},
	}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

// Proves: I2
func TestFailingSourceIsVisible(t *testing.T) {
	for name, apps := range map[string]answer{
		"not there":        nil,
		"down":             fails(bus.Errorf(bus.Unavailable, "apps is down")),
		"undeclared error": fails(errors.New("disk full")),
	} {
		b, _ := open(t, apps)
		res := get(t, b, request("mug", "card"))
		if res.Offers == nil || len(res.Offers) > 0 || len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
			t.Errorf("apps %s: %+v, want no offers and one INTERNAL_ERROR warning", name, res)
		}
	}
	// One of two providers fails: what the other one does not know is not
	// checked, instead of not found.
	failed := appsapi.Warning{Code: appsapi.ProviderError, Provider: "other", Message: "provider other failed"}
	b, _ := open(t, offers(demoProducts(), failed))
	res := get(t, b, request("mug", "nosuch"))
	want := []inventoryapi.Warning{
		{Warning: failed},
		{LineID: "2", Warning: appsapi.Warning{Code: inventoryapi.OfferNotChecked, Subject: "nosuch",
			Message: `The product "nosuch" could not be checked: a provider did not answer.`}},
	}
	if diff := cmp.Diff(want, res.Warnings); diff != "" || len(res.Offers) != 1 {
		t.Errorf("%d offers, warnings (-want +got):\n%s", len(res.Offers), diff)
	}
}

// Proves: I3
func TestOffersAreInTheRequestedCurrency(t *testing.T) {
	b, _ := open(t, offers(demoProducts()))
	res := get(t, b, request("mug", "import"))
	for _, offer := range res.Offers {
		if offer.UnitPrice.Currency != "USD" {
			t.Errorf("%s is priced in %s, asked was USD", offer.PurchasableID, offer.UnitPrice.Currency)
		}
	}
	want := []inventoryapi.Warning{{LineID: "2", Warning: appsapi.Warning{Code: inventoryapi.CurrencyNotAvailable, Subject: "import",
		Message: `The product "import" is priced in EUR, not in USD.`}}}
	if diff := cmp.Diff(want, res.Warnings); diff != "" || len(res.Offers) != 1 {
		t.Errorf("%d offers, warnings (-want +got):\n%s", len(res.Offers), diff)
	}

	halfForeign := demoProducts()["mug"]
	before := money.Of(15_00, "EUR")
	halfForeign.UnitCompareAtPrice = &before
	b, _ = open(t, offers(map[string]plugin.Offer{"mug": halfForeign}))
	res = get(t, b, request("mug"))
	if len(res.Offers) > 0 || len(res.Warnings) != 1 || res.Warnings[0].Code != inventoryapi.CurrencyNotAvailable {
		t.Errorf("a former price in EUR: %+v, want the offer refused", res)
	}
}

// The providers are asked once, for everything, in the wanted currency.
func TestOneRound(t *testing.T) {
	b, apps := open(t, offers(demoProducts()))
	req := request("mug", "card")
	req.Locale = "uk-UA"
	get(t, b, req)
	want := []appsapi.ExecuteRequest{{ProjectID: "demo", Domain: "inventory", Operation: "getOffers", Params: json.RawMessage(
		`{"currency":"USD","locale":"uk-UA","items":[{"lineId":"1","purchasableId":"mug","quantity":1},{"lineId":"2","purchasableId":"card","quantity":1}]}`)}}
	if diff := cmp.Diff(want, apps.Calls()); diff != "" {
		t.Errorf("rounds (-want +got):\n%s", diff)
	}
}

func TestUnknownProjectIsAnError(t *testing.T) {
	b, _ := open(t, fails(appsapi.ErrProjectNotFound.Errorf("no project")))
	_, err := inventoryapi.GetOffers.Call(t.Context(), b, request("mug"))
	if !errors.Is(err, inventoryapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("error = %v, want ErrProjectNotFound", err)
	}
}

func TestHangingProviders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := open(t, hangs)
		start := time.Now()
		if res := get(t, b, request("mug")); len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
			t.Errorf("hanging apps: %+v", res)
		}
		if took := time.Since(start); took != inventory.DefaultConfig().ProviderTimeout {
			t.Errorf("the answer took %s, want the provider timeout", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := inventoryapi.GetOffers.Call(ctx, b, request("mug")); bus.CodeOf(err) != bus.DeadlineExceeded {
			t.Errorf("hurried caller: error = %v, want DeadlineExceeded", err)
		}
	})
}

func TestRefusesWithPaths(t *testing.T) {
	b, _ := open(t, offers(nil))
	_, err := inventoryapi.GetOffers.Call(t.Context(), b, inventoryapi.GetOffersRequest{
		Currency: "usd", Locale: "uk_UA",
		Items: []inventoryapi.Item{{}, {LineID: "a", PurchasableID: "mug", Quantity: 1}, {LineID: "a", PurchasableID: "mug", Quantity: 1}},
	})
	want := map[string]string{
		"projectId": "required", "currency": "enum", "locale": "pattern",
		"items[0].lineId": "required", "items[0].purchasableId": "required", "items[0].quantity": "minimum",
		"items[2].lineId": "unique",
	}
	if diff := cmp.Diff(want, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	_, err = inventoryapi.GetOffers.Call(t.Context(), b, inventoryapi.GetOffersRequest{ProjectID: "demo"})
	want = map[string]string{"currency": "required", "items": "minItems"}
	if diff := cmp.Diff(want, fieldsOf(t, err)); diff != "" {
		t.Errorf("empty request (-want +got):\n%s", diff)
	}
}

func TestMaxItemsIsASetting(t *testing.T) {
	config := inventory.DefaultConfig()
	config.MaxItems = 1
	b, _ := openWith(t, offers(demoProducts()), config)
	_, err := inventoryapi.GetOffers.Call(t.Context(), b, request("mug", "card"))
	if diff := cmp.Diff(map[string]string{"items": "maxItems"}, fieldsOf(t, err)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	get(t, b, request("mug"))
}

// What a caller does to an answer is not seen by the next one.
func TestAnswersAreTheCallersOwn(t *testing.T) {
	b, _ := open(t, offers(demoProducts()))
	first := get(t, b, request("mug"))
	first.Offers[0].UnitCompareAtPrice.Amount = 0
	first.Offers[0].PurchasableSnapshot.Data[2] = 'X'
	second := get(t, b, request("mug"))
	if got := second.Offers[0]; got.UnitCompareAtPrice.Amount != 15_00 || string(got.PurchasableSnapshot.Data) != `{"stockStatus":"IN_STOCK"}` {
		t.Errorf("the second answer is %+v", got)
	}
}
