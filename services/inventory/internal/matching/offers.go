package matching

import (
	"fmt"

	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// Answer is what the providers of a project said, in the order of their
// priority. Its offers have no line ids yet.
type Answer struct {
	Offers   []inventoryapi.Offer
	Warnings []appsapi.Warning
	// Complete is false when a provider failed.
	Complete bool
}

// Match gives every item its offer, in the order of the items: the first for its
// product in the currency. An item without one gets a warning with its line id
// instead. What a provider said about a product without an offer is the reason
// for its items; its other warnings are passed on first.
func Match(items []inventoryapi.Item, currency money.Currency, answer Answer) ([]inventoryapi.Offer, []inventoryapi.Warning) {
	m := newMatcher(currency, answer, asked(items))
	offers := make([]inventoryapi.Offer, 0, len(items))
	warnings := m.general
	for _, item := range items {
		if offer, found := m.take(item); found {
			offers = append(offers, offer)
			continue
		}
		warnings = append(warnings, m.reasons(item)...)
	}
	return offers, warnings
}

type matcher struct {
	currency money.Currency
	// offers by product, in the currency; taken counts those given away.
	offers map[string][]inventoryapi.Offer
	taken  map[string]int
	// foreign has the products that are offered in another currency.
	foreign map[string]money.Currency
	// said has the providers' warnings about products without an offer,
	// general the others.
	said    map[string][]appsapi.Warning
	general []inventoryapi.Warning
	// complete is false when a provider failed.
	complete bool
}

func newMatcher(currency money.Currency, answer Answer, asked map[string]bool) *matcher {
	m := &matcher{
		currency: currency,
		offers:   make(map[string][]inventoryapi.Offer, len(asked)),
		taken:    make(map[string]int, len(asked)),
		foreign:  map[string]money.Currency{},
		said:     map[string][]appsapi.Warning{},
		general:  []inventoryapi.Warning{},
		complete: answer.Complete,
	}
	for _, offer := range answer.Offers {
		if other, mixed := m.otherCurrency(offer); mixed {
			m.foreign[offer.PurchasableID] = other
			continue
		}
		m.offers[offer.PurchasableID] = append(m.offers[offer.PurchasableID], offer)
	}
	for _, warning := range answer.Warnings {
		if product := warning.Subject; asked[product] && len(m.offers[product]) == 0 {
			m.said[product] = append(m.said[product], warning)
		} else {
			m.general = append(m.general, inventoryapi.Warning{Warning: warning})
		}
	}
	return m
}

// asked is the set of products that the items are about.
func asked(items []inventoryapi.Item) map[string]bool {
	products := make(map[string]bool, len(items))
	for _, item := range items {
		products[item.PurchasableID] = true
	}
	return products
}

// otherCurrency looks at both prices: half an offer in another currency is as
// wrong as a whole one.
func (m *matcher) otherCurrency(offer inventoryapi.Offer) (money.Currency, bool) {
	if offer.UnitPrice.Currency != m.currency {
		return offer.UnitPrice.Currency, true
	}
	if before := offer.UnitCompareAtPrice; before != nil && before.Currency != m.currency {
		return before.Currency, true
	}
	return "", false
}

// take gives the item the next offer for its product: a provider answers each
// item, so that a product on two lines has two. One that answers each product
// once gives the same offer to both.
func (m *matcher) take(item inventoryapi.Item) (inventoryapi.Offer, bool) {
	candidates := m.offers[item.PurchasableID]
	if len(candidates) == 0 {
		return inventoryapi.Offer{}, false
	}
	offer := candidates[min(m.taken[item.PurchasableID], len(candidates)-1)]
	m.taken[item.PurchasableID]++
	offer.LineID = item.LineID
	return offer, true
}

// reasons says why the item has no offer.
func (m *matcher) reasons(item inventoryapi.Item) []inventoryapi.Warning {
	if said := m.said[item.PurchasableID]; len(said) > 0 {
		reasons := make([]inventoryapi.Warning, len(said))
		for i, warning := range said {
			reasons[i] = inventoryapi.Warning{Warning: warning, LineID: item.LineID}
		}
		return reasons
	}
	warning := appsapi.Warning{Subject: item.PurchasableID}
	other, foreign := m.foreign[item.PurchasableID]
	switch {
	case foreign:
		warning.Code = inventoryapi.CurrencyNotAvailable
		warning.Message = fmt.Sprintf("The product %q is priced in %s, not in %s.", item.PurchasableID, other, m.currency)
	case m.complete:
		warning.Code = inventoryapi.ProductNotFound
		warning.Message = fmt.Sprintf("There is no product %q.", item.PurchasableID)
	default:
		warning.Code = inventoryapi.OfferNotChecked
		warning.Message = fmt.Sprintf("The product %q could not be checked: a provider did not answer.", item.PurchasableID)
	}
	return []inventoryapi.Warning{{Warning: warning, LineID: item.LineID}}
}
