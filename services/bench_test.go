package services_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// What a request through one provider costs in one process: the call of the service,
// that of apps, the provider's goroutine, and the JSON between service and provider.
func BenchmarkProviderCall(b *testing.B) {
	_, caller := openShop(b, func(o *bus.Options) { o.Strict, o.Logger = false, slog.New(slog.DiscardHandler) })
	b.Run("discounts=2", func(b *testing.B) {
		for b.Loop() {
			res, err := pricingapi.GetAllDiscounts.Call(b.Context(), caller, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
			if err != nil || len(res.Discounts) != 2 {
				b.Fatal(res, err)
			}
		}
	})
	b.Run("methods=6", func(b *testing.B) {
		for b.Loop() {
			res, err := deliveryapi.ShippingMethods.Call(b.Context(), caller, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
			if err != nil || len(res.Methods) != 6 {
				b.Fatal(res, err)
			}
		}
	})
	for _, n := range []int{2, 50} {
		req := inventoryapi.GetOffersRequest{ProjectID: "demo", Currency: "USD"}
		for i := range n {
			req.Items = append(req.Items, inventoryapi.Item{LineID: fmt.Sprint(i), PurchasableID: "mug-blue", Quantity: 1})
		}
		b.Run(fmt.Sprintf("offers=%d", n), func(b *testing.B) {
			for b.Loop() {
				res, err := inventoryapi.GetOffers.Call(b.Context(), caller, req)
				if err != nil || len(res.Offers) != n {
					b.Fatal(res, err)
				}
			}
		})
	}
}
