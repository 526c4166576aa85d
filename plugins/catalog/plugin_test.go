package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugin/plugintest"
)

func TestPlugin(t *testing.T) { plugintest.Check(t, Plugin, "README.md") }

func query(currency money.Currency, ids ...string) plugin.OffersQuery {
	q := plugin.OffersQuery{Currency: currency}
	for i, id := range ids {
		q.Items = append(q.Items, plugin.OfferItem{LineID: fmt.Sprintf("line-%d", i+1), PurchasableID: id, Quantity: i + 1})
	}
	return q
}

// describe writes the decisive parts of an offer on one line.
func describe(o plugin.Offer) string {
	text := fmt.Sprintf("%s %s %s available=%t physical=%t", o.PurchasableID, o.UnitPrice, o.PaymentMode, o.IsAvailable, o.IsPhysical)
	if o.UnitCompareAtPrice != nil {
		text += " before " + o.UnitCompareAtPrice.String()
	}
	return text
}

// Proves: I1, I3 (the provider's part)
func TestOffers(t *testing.T) {
	for name, test := range map[string]struct {
		config string
		query  plugin.OffersQuery
		want   []string
		warned []string
	}{
		"order of items kept, unknown left out": {``, query("USD", "mug-blue", "no-such-thing", "tshirt-white-m"), []string{
			"mug-blue 10.00 USD IMMEDIATE available=true physical=true before 15.00 USD",
			"tshirt-white-m 25.00 USD IMMEDIATE available=true physical=true before 30.00 USD"}, nil},
		"one product on two lines": {``, query("USD", "hoodie-grey-l", "hoodie-grey-l"), []string{
			"hoodie-grey-l 60.00 USD IMMEDIATE available=true physical=true",
			"hoodie-grey-l 60.00 USD IMMEDIATE available=true physical=true"}, nil},
		"statuses": {``, query("EUR", "sneakers-black-42", "backpack-green", "size-guide"), []string{
			"sneakers-black-42 92.00 EUR DEFERRED available=true physical=true before 110.00 EUR",
			"backpack-green 74.00 EUR DEFERRED available=false physical=true",
			"size-guide 0.00 EUR FREE available=true physical=false"}, nil},
		"no price in the currency": {``, query("EUR", "mug-blue", "tshirt-white-m", "gift-card-50"), []string{
			"tshirt-white-m 23.00 EUR IMMEDIATE available=true physical=true before 27.50 EUR"}, []string{"mug-blue", "gift-card-50"}},
		"a currency it does not have": {``, query("JPY", "tshirt-white-m"), nil, []string{"tshirt-white-m"}},
		"default currency": {``, query("", "gift-card-50"), []string{
			"gift-card-50 50.00 USD IMMEDIATE available=true physical=false"}, nil},
		"configured default currency": {`{"defaultCurrency": "UAH"}`, query("", "mug-blue"), []string{
			"mug-blue 410.00 UAH IMMEDIATE available=true physical=true"}, nil},
		"nothing asked for": {``, query("USD"), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			offers, warnings := plugintest.RunWithWarnings(t, Plugin, test.config, plugin.GetOffers, test.query)
			var got, warned []string
			for _, o := range offers {
				got = append(got, describe(o))
			}
			for _, w := range warnings {
				warned = append(warned, w.Subject)
				if w.Code != "CURRENCY_NOT_AVAILABLE" || !strings.Contains(w.Message, w.Subject) {
					t.Errorf("the warning is %+v", w)
				}
			}
			if !slices.Equal(got, test.want) || !slices.Equal(warned, test.warned) {
				t.Errorf("offers %q, warned of %q; want %q and %q", got, warned, test.want, test.warned)
			}
		})
	}
}

func TestSnapshotAndPayload(t *testing.T) {
	q := plugin.OffersQuery{Currency: "USD", Items: []plugin.OfferItem{{LineID: "l1", PurchasableID: "mug-blue", Quantity: 3}}}
	offer := plugintest.Run(t, Plugin, "", plugin.GetOffers, q)[0]
	s := offer.Snapshot
	if s.Title != "Mug, blue" || s.SKU != "MG-BLU" || s.ImageURL == "" || string(s.Data) != `{"stockStatus":"IN_STOCK"}` {
		t.Errorf("the snapshot is %+v, data %s", s, s.Data)
	}
	if want := `{"provider":"catalog","lineId":"l1","quantity":3,"stockStatus":"IN_STOCK"}`; string(offer.ProviderPayload) != want {
		t.Errorf("the payload is %s, want %s", offer.ProviderPayload, want)
	}
}

func TestQueryMistakesHavePaths(t *testing.T) {
	provider := plugintest.Open(t, Plugin, "")
	for params, want := range map[string]string{
		`{"items": [{"purchasableId": "mug-blue", "quantity": 0}]}`:   "items[0].quantity",
		`{"items": [{"quantity": 1}]}`:                                "items[0].purchasableId",
		`{"items": [{"purchasableId": "mug-blue", "quantity": "1"}]}`: "items[0].quantity",
		`{"currency": "usd", "items": []}`:                            "currency",
		`[]`:                                                          "",
	} {
		_, err := provider.Run(t.Context(), plugin.Inventory, "getOffers", json.RawMessage(params))
		var invalid *plugin.InvalidError
		if !errors.As(err, &invalid) || invalid.Fields[0].Field != want {
			t.Errorf("%s: got %v, want a mistake at %q", params, err, want)
		}
	}
}

func TestConfigMistakesHavePaths(t *testing.T) {
	for config, want := range map[string]string{
		`{"defaultCurrency": "usd"}`: "defaultCurrency",
		`{"defaultCurrency": ""}`:    "defaultCurrency",
		`{"currency": "USD"}`:        "currency",
	} {
		plugintest.Refuses(t, Plugin, json.RawMessage(config), want)
	}
}

func TestProductListMistakesNameTheProduct(t *testing.T) {
	for list, want := range map[string]string{
		`{}`: "cannot be read",
		`[{"id": "a", "title": "A", "stockStatus": "SOLD", "prices": {"USD": {"price": "1.00"}}}]`:                          `product "a": stockStatus`,
		`[{"id": "a", "title": "A", "stockStatus": "IN_STOCK"}]`:                                                            `product "a": id, title and prices`,
		`[{"id": "a", "title": "A", "stockStatus": "IN_STOCK", "prices": {"USD": {"price": "1.001"}}}]`:                     `product "a"`,
		`[{"id": "a", "title": "A", "stockStatus": "IN_STOCK", "prices": {"USD": {"price": "-1.00"}}}]`:                     `negative`,
		`[{"id": "a", "title": "A", "stockStatus": "IN_STOCK", "prices": {"USD": {"price": "1.00", "compareAt": "much"}}}]`: `product "a"`,
		`[{"id": "a", "title": "A", "stockStatus": "IN_STOCK", "prices": {"USD": {"price": "1.00"}}},
		  {"id": "a", "title": "A", "stockStatus": "IN_STOCK", "prices": {"USD": {"price": "1.00"}}}]`: "twice",
	} {
		if _, err := parseProducts([]byte(list)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", list, err, want)
		}
	}
}

// TestReadmeListsTheProducts keeps the table of the README equal to the data.
func TestReadmeListsTheProducts(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	products, err := readProducts()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range products {
		name := "`" + p.ID + "`"
		if !p.Physical {
			name += " (not physical)"
		}
		row := fmt.Sprintf("| %s | `%s` |", name, p.StockStatus)
		for _, currency := range []money.Currency{"USD", "EUR", "UAH"} {
			row += " " + priceCell(p, currency) + " |"
		}
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
}

func priceCell(p product, currency money.Currency) string {
	cost, sold := p.Prices[currency]
	switch {
	case !sold:
		return "-"
	case cost.compareAt != nil:
		return cost.now.Decimal() + " (before " + cost.compareAt.Decimal() + ")"
	default:
		return cost.now.Decimal()
	}
}
