package inventory_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// offers answers apps.execute with offers for these products, and these warnings.
func offers(products map[string]plugin.Offer, warnings ...appsapi.Warning) answer {
	return func(_ context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		var query plugin.OffersQuery
		if err := json.Unmarshal(req.Params, &query); err != nil {
			return appsapi.ExecuteResponse{}, err
		}
		var found []plugin.Offer
		for _, item := range query.Items {
			if offer, known := products[item.PurchasableID]; known {
				found = append(found, offer)
			}
		}
		data, err := plugin.GetOffers.Items(found...)
		return appsapi.ExecuteResponse{Data: data, Warnings: warnings}, err
	}
}

func demoProducts() map[string]plugin.Offer {
	before := money.Of(15_00, "USD")
	return map[string]plugin.Offer{
		"mug": {
			PurchasableID: "mug", UnitPrice: money.Of(10_00, "USD"), UnitCompareAtPrice: &before,
			IsAvailable: true, IsPhysical: true, PaymentMode: plugin.Immediate,
			Snapshot: plugin.OfferSnapshot{Title: "Mug", SKU: "MG", ImageURL: "https://catalog.example/mug.jpg",
				Data: json.RawMessage(`{"stockStatus":"IN_STOCK"}`)},
			ProviderPayload: json.RawMessage(`{"provider":"catalog"}`),
		},
		"card":     {PurchasableID: "card", UnitPrice: money.Of(50_00, "USD"), IsAvailable: true, PaymentMode: plugin.Immediate},
		"backpack": {PurchasableID: "backpack", UnitPrice: money.Of(80_00, "USD"), IsPhysical: true, PaymentMode: plugin.Deferred},
		"import":   {PurchasableID: "import", UnitPrice: money.Of(70_00, "EUR"), IsAvailable: true},
	}
}

// answer is what apps.execute does in a test.
type answer = func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error)

func fails(err error) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{}, err
	}
}

// hangs keeps a call until its deadline.
func hangs(ctx context.Context, _ appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	<-ctx.Done()
	return appsapi.ExecuteResponse{}, ctx.Err()
}

// asked are the calls of apps.execute.
type asked = bustest.Faked[appsapi.ExecuteRequest, appsapi.ExecuteResponse]

// open makes the service on a strict bus, with apps that answer so, or none for nil. It
// returns a caller's view.
func open(t *testing.T, apps answer) (*bus.Bus, *asked) {
	t.Helper()
	return openWith(t, apps, inventory.DefaultConfig())
}

func openWith(t *testing.T, apps answer, config inventory.Config) (*bus.Bus, *asked) {
	t.Helper()
	node := bustest.New(t)
	var calls *asked
	if apps != nil {
		calls = bustest.Fake(t, node, appsapi.Execute, apps)
	}
	if _, err := inventory.New(inventory.Params{Bus: node.View("inventory"), Log: bustest.Logger(t), Config: config}); err != nil {
		t.Fatal(err)
	}
	return node.View("checkout"), calls
}

// request asks for one of each product, on the lines 1, 2, ...
func request(products ...string) inventoryapi.GetOffersRequest {
	req := inventoryapi.GetOffersRequest{ProjectID: "demo", Currency: "USD"}
	for i, product := range products {
		req.Items = append(req.Items, inventoryapi.Item{LineID: string(rune('1' + i)), PurchasableID: product, Quantity: 1})
	}
	return req
}

func get(t *testing.T, b *bus.Bus, req inventoryapi.GetOffersRequest) inventoryapi.GetOffersResponse {
	t.Helper()
	res, err := inventoryapi.GetOffers.Call(t.Context(), b, req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func fieldsOf(t *testing.T, err error) map[string]string {
	t.Helper()
	var invalid *bus.Error
	if !errors.As(err, &invalid) || invalid.Code != bus.InvalidArgument {
		t.Fatalf("error = %v, want InvalidArgument", err)
	}
	fields := map[string]string{}
	for _, field := range invalid.Fields() {
		fields[field.Field] = field.Rule
	}
	return fields
}
