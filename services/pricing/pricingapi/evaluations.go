package pricingapi

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// EvaluateDiscounts counts what the codes of a cart take off. It asks the
// providers once, however many codes there are, and not at all without codes.
// A code that does not count (unknown, minimum not reached, other currency) is
// left out with a warning that says why.
var EvaluateDiscounts = bus.NewAction[EvaluateDiscountsRequest, EvaluateDiscountsResponse]("pricing.evaluateDiscounts", bus.Idempotent()).
	Doc("Count what the discount codes of a cart take off.").
	Example(EvaluateDiscountsRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Lines: []Line{{
			LineID:   "1",
			Quantity: 1,
			Unit:     Unit{ID: "sku-1", Price: money.Of(10000, "USD")},
		}},
		AppliedDiscountCodes: []string{"WELCOME10"},
	})

// EvaluateDiscountsRequest is a cart and the codes that were entered for it.
type EvaluateDiscountsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that sells"`
	// Currency is the cart's, and that of every price in it; required.
	Currency money.Currency `json:"currency" schema:"required" doc:"the currency of the cart, such as USD"`
	// Lines is what is in the cart, at least one.
	Lines []Line `json:"lines" schema:"minItems=1"`
	// AppliedDiscountCodes are the codes in the order in which they were
	// entered; blanks around them, case and repetition do not matter.
	AppliedDiscountCodes []string `json:"appliedDiscountCodes,omitempty" items:"required"`
}

// Line is one line of a cart.
type Line struct {
	// LineID is the caller's name for the line, unique in the cart; required.
	LineID string `json:"lineId" schema:"required" doc:"the caller's name for the line"`
	// Quantity is how many, at least 1.
	Quantity int64 `json:"quantity" schema:"minimum=1"`
	// Unit is what is bought.
	Unit Unit `json:"unit"`
}

// Unit is what a line is about.
type Unit struct {
	// ID is the id of what is bought; required.
	ID string `json:"id" schema:"required" doc:"the id of what is bought"`
	// Price of one, not negative, in the cart's currency; required.
	Price money.Money `json:"price" schema:"required" doc:"an amount with its currency"`
	// CompareAtPrice is the former price of one, in the cart's currency.
	CompareAtPrice *money.Money `json:"compareAtPrice,omitempty"`
	// SKU is the stock-keeping unit.
	SKU string `json:"sku,omitempty"`
}

// EvaluateDiscountsResponse is what the codes take off.
// Total = Subtotal - DiscountTotal, and DiscountTotal is the sum of the amounts
// in AggregatedDiscounts.
type EvaluateDiscountsResponse struct {
	// AggregatedDiscounts are the discounts that count, in the order of the
	// codes. Each is counted on the whole subtotal; together they take off the
	// subtotal at most, so that the last ones may give less, down to zero.
	AggregatedDiscounts []AppliedDiscount `json:"aggregatedDiscounts"`
	// LineDiscounts are the discounts of single lines by line id. No provider
	// offers any, so it is empty.
	LineDiscounts map[string][]AppliedDiscount `json:"lineDiscounts"`
	// Subtotal is the sum of price times quantity.
	Subtotal money.Money `json:"subtotal"`
	// DiscountTotal is what is taken off, at most Subtotal.
	DiscountTotal money.Money `json:"discountTotal"`
	// Total is what is left to pay, never negative.
	Total money.Money `json:"total"`
	// Warnings say which codes do not count, and why.
	Warnings []appsapi.Warning `json:"warnings"`
}

// The codes of warnings about codes that do not count.
const (
	// DiscountNotFound: every provider answered, and none has such a code.
	DiscountNotFound appsapi.WarningCode = "DISCOUNT_NOT_FOUND"
	// DiscountNotChecked: a provider failed, and no other one has such a code.
	DiscountNotChecked appsapi.WarningCode = "DISCOUNT_NOT_CHECKED"
	// MinAmountNotReached: the subtotal is below the discount's minimum.
	MinAmountNotReached appsapi.WarningCode = "MIN_AMOUNT_NOT_REACHED"
	// CurrencyMismatch: the discount is in another currency than the cart.
	CurrencyMismatch appsapi.WarningCode = "CURRENCY_MISMATCH"
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
