package deliveryapi

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// Validate refuses a request without a project.
func (r ShippingMethodsRequest) Validate() error {
	return invalid(projectMistakes(r.ProjectID))
}

// Validate returns every mistake in the request with its path, such as
// "items[0].ref", as an error of code InvalidArgument.
func (r CreateDeliveryGroupsRequest) Validate() error {
	mistakes := projectMistakes(r.ProjectID)
	seen := make(map[string]int, len(r.Items))
	for i, item := range r.Items {
		first, repeated := seen[item.Ref]
		switch {
		case item.Ref == "":
			mistakes = append(mistakes, bus.FieldError{
				Field: fmt.Sprintf("items[%d].ref", i), Rule: "required", Message: "must not be empty"})
		case repeated:
			mistakes = append(mistakes, bus.FieldError{
				Field: fmt.Sprintf("items[%d].ref", i), Rule: "unique",
				Message: fmt.Sprintf("is the ref of items[%d] already", first)})
		default:
			seen[item.Ref] = i
		}
		if item.Quantity < 0 {
			mistakes = append(mistakes, bus.FieldError{
				Field: fmt.Sprintf("items[%d].quantity", i), Rule: "minimum", Message: "must be at least 1"})
		}
	}
	return invalid(mistakes)
}

func projectMistakes(projectID string) []bus.FieldError {
	if projectID != "" {
		return nil
	}
	return []bus.FieldError{{Field: "projectId", Rule: "required", Message: "must not be empty"}}
}

func invalid(mistakes []bus.FieldError) error {
	if len(mistakes) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(mistakes...)
}
