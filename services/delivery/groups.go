package delivery

import (
	"context"

	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

func (s *Service) createDeliveryGroups(ctx context.Context, req deliveryapi.CreateDeliveryGroupsRequest) (deliveryapi.CreateDeliveryGroupsResponse, error) {
	refs := physicalRefs(req.Items)
	if len(refs) == 0 { // nothing to bring, so there is nobody to ask
		return deliveryapi.CreateDeliveryGroupsResponse{
			Groups: []deliveryapi.Group{}, Warnings: []appsapi.Warning{},
		}, nil
	}
	methods, warnings, err := s.methods(ctx, req.ProjectID)
	if err != nil {
		return deliveryapi.CreateDeliveryGroupsResponse{}, err
	}
	return deliveryapi.CreateDeliveryGroupsResponse{
		Groups:   []deliveryapi.Group{{Refs: refs, Methods: methods}},
		Warnings: warnings,
	}, nil
}

// physicalRefs are the items that have to be brought, in their order.
func physicalRefs(items []deliveryapi.Item) []string {
	var refs []string
	for _, item := range items {
		if item.IsPhysical {
			refs = append(refs, item.Ref)
		}
	}
	return refs
}
