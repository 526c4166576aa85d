package matching_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/internal/matching"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

func item(line, product string) inventoryapi.Item {
	return inventoryapi.Item{LineID: line, PurchasableID: product, Quantity: 1}
}

func offer(product string, cents int64, currency money.Currency) inventoryapi.Offer {
	return inventoryapi.Offer{PurchasableID: product, UnitPrice: money.Of(cents, currency)}
}

// prices are the lines with their prices, in the order of the offers.
func prices(offers []inventoryapi.Offer) [][2]string {
	got := [][2]string{}
	for _, o := range offers {
		got = append(got, [2]string{o.LineID, o.UnitPrice.String()})
	}
	return got
}

func TestOrderOfItemsIsKept(t *testing.T) {
	offers, warnings := matching.Match(
		[]inventoryapi.Item{item("1", "b"), item("2", "a")}, "USD",
		matching.Answer{Offers: []inventoryapi.Offer{offer("a", 1, "USD"), offer("b", 2, "USD"), offer("never asked", 3, "USD")}})
	if diff := cmp.Diff([][2]string{{"1", "0.02 USD"}, {"2", "0.01 USD"}}, prices(offers)); diff != "" || len(warnings) > 0 {
		t.Errorf("warnings %v, offers (-want +got):\n%s", warnings, diff)
	}
}

func TestOneProductOnTwoLines(t *testing.T) {
	items := []inventoryapi.Item{item("1", "a"), item("2", "a")}
	for name, tt := range map[string]struct {
		given []inventoryapi.Offer
		want  [][2]string
	}{
		"an offer for each line":    {[]inventoryapi.Offer{offer("a", 1, "USD"), offer("a", 2, "USD")}, [][2]string{{"1", "0.01 USD"}, {"2", "0.02 USD"}}},
		"an offer for each product": {[]inventoryapi.Offer{offer("a", 1, "USD")}, [][2]string{{"1", "0.01 USD"}, {"2", "0.01 USD"}}},
	} {
		offers, _ := matching.Match(items, "USD", matching.Answer{Offers: tt.given})
		if diff := cmp.Diff(tt.want, prices(offers)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFirstProviderInTheCurrencyCounts(t *testing.T) {
	offers, warnings := matching.Match([]inventoryapi.Item{item("1", "a")}, "USD",
		matching.Answer{Offers: []inventoryapi.Offer{offer("a", 1, "EUR"), offer("a", 2, "USD"), offer("a", 3, "USD")}})
	if diff := cmp.Diff([][2]string{{"1", "0.02 USD"}}, prices(offers)); diff != "" || len(warnings) > 0 {
		t.Errorf("warnings %v, offers (-want +got):\n%s", warnings, diff)
	}
}

// What a provider says about a product is the reason of its items while nobody
// offers it, and a remark when somebody does.
func TestWarningsOfProviders(t *testing.T) {
	about := appsapi.Warning{Code: "CURRENCY_NOT_AVAILABLE", Provider: "catalog", Subject: "a", Message: "not sold in USD"}
	general := appsapi.Warning{Code: "OLD_PRICES", Provider: "catalog"}
	items := []inventoryapi.Item{item("1", "a"), item("2", "a")}

	_, warnings := matching.Match(items, "USD", matching.Answer{Warnings: []appsapi.Warning{about, general}})
	want := []inventoryapi.Warning{{Warning: general}, {Warning: about, LineID: "1"}, {Warning: about, LineID: "2"}}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("without an offer (-want +got):\n%s", diff)
	}

	offers, warnings := matching.Match(items, "USD", matching.Answer{
		Offers: []inventoryapi.Offer{offer("a", 1, "USD")}, Warnings: []appsapi.Warning{about, general}})
	if diff := cmp.Diff([]inventoryapi.Warning{{Warning: about}, {Warning: general}}, warnings); diff != "" || len(offers) != 2 {
		t.Errorf("%d offers, warnings (-want +got):\n%s", len(offers), diff)
	}
}
