package deliveryapi

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
)

// Validate refuses items with the same ref; what each item has to be stands in
// its tags.
func (r CreateDeliveryGroupsRequest) Validate() error {
	var repeated []bus.FieldError
	seen := make(map[string]int, len(r.Items))
	for i, item := range r.Items {
		first, known := seen[item.Ref]
		switch {
		case !known:
			seen[item.Ref] = i
		case item.Ref != "":
			repeated = append(repeated, bus.FieldError{
				Field: fmt.Sprintf("items[%d].ref", i), Rule: "unique",
				Message: fmt.Sprintf("is the ref of items[%d] already", first),
			})
		}
	}
	if len(repeated) == 0 {
		return nil // not a nil *bus.Error, which would be an error that is not nil
	}
	return bus.Invalid(repeated...)
}
