package inventoryapi

import (
	"fmt"
	"regexp"

	"github.com/shopanaio/orchestrator/bus"
)

// localePattern is the shape of a BCP 47 tag: subtags with hyphens.
var localePattern = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// Validate returns every mistake in the request with its path, such as
// "items[0].quantity", as an error of code InvalidArgument.
func (r GetOffersRequest) Validate() error {
	var m mistakes
	m.require("projectId", r.ProjectID)
	if r.Currency == "" {
		m.require("currency", "")
	} else if err := r.Currency.Validate(); err != nil {
		m.add("currency", "enum", err.Error())
	}
	if r.Locale != "" && !localePattern.MatchString(r.Locale) {
		m.add("locale", "pattern", `must be a BCP 47 tag such as "uk-UA"`)
	}
	if len(r.Items) == 0 {
		m.add("items", "minItems", "must have at least one item")
	}
	seen := make(map[string]int, len(r.Items))
	for i, item := range r.Items {
		path := fmt.Sprintf("items[%d]", i)
		m.require(path+".lineId", item.LineID)
		if first, repeated := seen[item.LineID]; repeated && item.LineID != "" {
			m.add(path+".lineId", "unique", fmt.Sprintf("is the id of items[%d] already", first))
		} else {
			seen[item.LineID] = i
		}
		m.require(path+".purchasableId", item.PurchasableID)
		if item.Quantity < 1 {
			m.add(path+".quantity", "minimum", "must be at least 1")
		}
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

func (m mistakes) err() error {
	if len(m) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(m...)
}
