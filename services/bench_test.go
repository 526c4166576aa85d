package services_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugins/catalog"
	"github.com/shopanaio/orchestrator/plugins/meest"
	simplepromo "github.com/shopanaio/orchestrator/plugins/simple-promo"
	"github.com/shopanaio/orchestrator/services/apps"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
	"github.com/shopanaio/orchestrator/services/inventory"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
	"github.com/shopanaio/orchestrator/services/pricing"
	"github.com/shopanaio/orchestrator/services/pricing/pricingapi"
)

// What a request through one provider costs in one process: the call of the service,
// that of apps, the provider's goroutine, and the JSON between service and provider.
func BenchmarkProviderCall(b *testing.B) {
	log := slog.New(slog.DiscardHandler)
	node := membus.New(bus.Options{Logger: log})
	group := service.NewGroup(log)
	installed, err := apps.New(node.View("apps"), log, apps.DefaultConfig(), group,
		plugin.Set{meest.Plugin, simplepromo.Plugin, catalog.Plugin}, service.Development)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = installed.Stop(context.Background()), group.Stop(context.Background()) })
	delivery.New(node.View("delivery"), log, delivery.DefaultConfig())
	inventory.New(node.View("inventory"), log, inventory.DefaultConfig())
	pricing.New(node.View("pricing"), log, pricing.DefaultConfig())
	if err := node.Check(); err != nil {
		b.Fatal(err)
	}
	caller := node.View("storefront")
	b.Run("discounts=2", func(b *testing.B) {
		for b.Loop() {
			res, err := pricingapi.GetAllDiscounts.Call(b.Context(), caller, pricingapi.GetAllDiscountsRequest{ProjectID: "demo"})
			if err != nil || len(res.Discounts) != 2 {
				b.Fatal(res, err)
			}
		}
	})
	b.Run("methods=4", func(b *testing.B) {
		for b.Loop() {
			res, err := deliveryapi.ShippingMethods.Call(b.Context(), caller, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
			if err != nil || len(res.Methods) != 4 {
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
