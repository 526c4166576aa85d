package pricingapi

import (
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
)

// Validate refuses a request without a project.
func (r GetAllDiscountsRequest) Validate() error {
	var m mistakes
	m.require("projectId", r.ProjectID)
	return m.err()
}

// Validate refuses a request without a project or a code.
func (r ValidateDiscountRequest) Validate() error {
	var m mistakes
	m.require("projectId", r.ProjectID)
	m.require("code", strings.TrimSpace(r.Code))
	return m.err()
}

// Validate returns every mistake in the cart with its path, such as
// "lines[0].quantity", as an error of code InvalidArgument.
func (r EvaluateDiscountsRequest) Validate() error {
	var m mistakes
	m.require("projectId", r.ProjectID)
	m.currency("currency", r.Currency)
	if len(r.Lines) == 0 {
		m.add("lines", "minItems", "must have at least one line")
	}
	seen := make(map[string]int, len(r.Lines))
	for i, line := range r.Lines {
		path := fmt.Sprintf("lines[%d]", i)
		if first, repeated := seen[line.LineID]; repeated && line.LineID != "" {
			m.add(path+".lineId", "unique", fmt.Sprintf("is the id of lines[%d] already", first))
		} else {
			seen[line.LineID] = i
		}
		m.line(path, line, r.Currency)
	}
	for i, code := range r.AppliedDiscountCodes {
		m.require(fmt.Sprintf("appliedDiscountCodes[%d]", i), strings.TrimSpace(code))
	}
	return m.err()
}

// mistakes collects what is wrong with a request.
type mistakes []bus.FieldError

func (m *mistakes) add(field, rule, message string) {
	*m = append(*m, bus.FieldError{Field: field, Rule: rule, Message: message})
}

func (m *mistakes) require(field, value string) {
	if value == "" {
		m.add(field, "required", "must not be empty")
	}
}

func (m *mistakes) currency(field string, currency money.Currency) {
	if currency == "" {
		m.require(field, "")
	} else if err := currency.Validate(); err != nil {
		m.add(field, "enum", err.Error())
	}
}

func (m *mistakes) line(path string, line Line, currency money.Currency) {
	m.require(path+".lineId", line.LineID)
	if line.Quantity < 1 {
		m.add(path+".quantity", "minimum", "must be at least 1")
	}
	m.require(path+".unit.id", line.Unit.ID)
	if line.Unit.Price == (money.Money{}) {
		m.add(path+".unit.price", "required", "must be an amount with its currency")
	} else {
		m.price(path+".unit.price", line.Unit.Price, currency)
	}
	if line.Unit.CompareAtPrice != nil {
		m.price(path+".unit.compareAtPrice", *line.Unit.CompareAtPrice, currency)
	}
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
