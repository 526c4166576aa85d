package deliveryapi

import (
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// ShippingMethods lists how a project can ship. When the providers cannot be
// asked the list is empty, with one INTERNAL_ERROR warning.
var ShippingMethods = bus.NewAction[ShippingMethodsRequest, ShippingMethodsResponse]("delivery.shippingMethods", bus.Idempotent()).
	Doc("List how a project can ship.").
	Example(ShippingMethodsRequest{ProjectID: "demo"})

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

// ShippingMethodsRequest says whose methods to list.
type ShippingMethodsRequest struct {
	// ProjectID is the project; required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project that ships"`
}

// ShippingMethodsResponse holds the methods.
type ShippingMethodsResponse struct {
	// Methods are ordered by the priority of their providers, then as each
	// provider lists them.
	Methods []ShippingMethod `json:"methods"`
	// Warnings tell what is missing from the list.
	Warnings []appsapi.Warning `json:"warnings"`
}

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
	// Warnings tell what is missing from the groups.
	Warnings []appsapi.Warning `json:"warnings"`
}
