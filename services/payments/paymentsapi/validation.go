package paymentsapi

import (
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

// Validate returns every mistake in the request with its path, as an error of
// code InvalidArgument.
func (r GetPaymentMethodsRequest) Validate() error {
	var mistakes []bus.FieldError
	if r.ProjectID == "" {
		mistakes = append(mistakes, bus.FieldError{Field: "projectId", Rule: "required", Message: "must not be empty"})
	}
	if r.Currency != "" {
		if err := r.Currency.Validate(); err != nil {
			mistakes = append(mistakes, bus.FieldError{Field: "currency", Rule: "enum", Message: err.Error()})
		}
	}
	if r.ShippingMethod != "" && !isQualified(r.ShippingMethod) {
		mistakes = append(mistakes, bus.FieldError{
			Field: "shippingMethod", Rule: "pattern",
			Message: `must be written as provider:code, such as "novaposhta:warehouse_doors"`,
		})
	}
	if len(mistakes) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(mistakes...)
}

// isQualified reports whether a code is written "provider:code".
func isQualified(code string) bool {
	provider, rest, found := strings.Cut(code, ":")
	return found && provider != "" && rest != "" && !strings.Contains(rest, ":")
}
