package pricingapi

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
)

// Validate refuses what the tags cannot: lines with the same id, and prices that
// are negative or not in the cart's currency.
func (r EvaluateDiscountsRequest) Validate() error {
	var m mistakes
	seen := make(map[string]int, len(r.Lines))
	for i, line := range r.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		if first, repeated := seen[line.LineID]; !repeated {
			seen[line.LineID] = i
		} else if line.LineID != "" {
			m.add(path+".lineId", "unique", fmt.Sprintf("is the id of lines[%d] already", first))
		}
		if line.Unit.Price != (money.Money{}) { // else it is missing, which its tag says
			m.price(path+".unit.price", line.Unit.Price, r.Currency)
		}
		if line.Unit.CompareAtPrice != nil {
			m.price(path+".unit.compareAtPrice", *line.Unit.CompareAtPrice, r.Currency)
		}
	}
	return m.err()
}

// mistakes collects what is wrong with a request.
type mistakes []bus.FieldError

func (m *mistakes) add(field, rule, message string) {
	*m = append(*m, bus.FieldError{Field: field, Rule: rule, Message: message})
}

// price wants an amount of the cart's currency that is not negative. Whether
// that currency exists is said once, at the cart.
func (m *mistakes) price(path string, price money.Money, currency money.Currency) {
	if price.Currency != currency {
		m.add(path+".currency", "const", fmt.Sprintf("must be the cart's currency %q, not %q", currency, price.Currency))
	}
	if price.IsNegative() {
		m.add(path+".amount", "minimum", "must not be negative")
	}
}

func (m mistakes) err() error {
	if len(m) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(m...)
}
