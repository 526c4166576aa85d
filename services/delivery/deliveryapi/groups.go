package deliveryapi

import (
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// CreateDeliveryGroups sorts the items of a cart into deliveries: everything
// physical goes into one group, and what is not physical needs none, so that a
// cart without physical items has no group at all. The group comes with the
// project's shipping methods; when the providers cannot be asked it has none,
// with one INTERNAL_ERROR warning.
var CreateDeliveryGroups = bus.NewAction[CreateDeliveryGroupsRequest, CreateDeliveryGroupsResponse]("delivery.createDeliveryGroups", bus.Idempotent()).
	Doc("Sort the items of a cart into deliveries.").
	Example(CreateDeliveryGroupsRequest{
		ProjectID: "demo",
		Items: []Item{
			{Ref: "line-1", IsPhysical: true, Quantity: 2},
			{Ref: "line-2", IsPhysical: false, Quantity: 1},
		},
	})

// CreateDeliveryGroupsRequest is the items of a cart.
type CreateDeliveryGroupsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that ships"`
	// Items are the cart's; none gives no group.
	Items []Item `json:"items,omitempty"`
}

// CreateDeliveryGroupsResponse holds the deliveries.
type CreateDeliveryGroupsResponse struct {
	// Groups is one group, or none when nothing is physical.
	Groups []Group `json:"groups"`
	// Warnings say what is missing from the groups.
	Warnings []appsapi.Warning `json:"warnings"`
}

// Item is one line of a cart.
type Item struct {
	// Ref is the caller's name for the item, unique in the request; required.
	Ref string `json:"ref" schema:"required" doc:"the caller's name for the item"`
	// IsPhysical says whether it has to be brought; absent means that it has
	// not.
	IsPhysical bool `json:"isPhysical"`
	// Quantity is how many; absent means one.
	Quantity int64 `json:"quantity,omitempty" schema:"minimum=1"`
}

// Group is what goes into one delivery.
type Group struct {
	// Refs are the items in it, in the order of the request.
	Refs []string `json:"refs"`
	// Methods are the ways to ship it.
	Methods []ShippingMethod `json:"methods"`
}

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
