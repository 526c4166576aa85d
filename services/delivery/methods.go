package delivery

import (
	"context"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

func (s *Service) shippingMethods(ctx context.Context, req deliveryapi.ShippingMethodsRequest) (deliveryapi.ShippingMethodsResponse, error) {
	methods, warnings, err := s.methods(ctx, req.ProjectID)
	if err != nil {
		return deliveryapi.ShippingMethodsResponse{}, err
	}
	return deliveryapi.ShippingMethodsResponse{Methods: methods, Warnings: warnings}, nil
}

// methods asks the project's providers, once.
func (s *Service) methods(ctx context.Context, projectID string) ([]deliveryapi.ShippingMethod, []appsapi.Warning, error) {
	answer, err := appsapi.Ask(ctx, s.providers, plugin.ListShippingMethods, projectID, plugin.ShippingQuery{})
	if err != nil {
		return nil, nil, err
	}
	methods := make([]deliveryapi.ShippingMethod, len(answer.Items))
	for i, given := range answer.Items {
		methods[i] = deliveryapi.ShippingMethod{
			Code:                 given.Ref(),
			Provider:             given.Provider,
			DeliveryMethodType:   deliveryapi.MethodType(given.DeliveryMethodType),
			ShippingPaymentModel: deliveryapi.PaymentModel(given.ShippingPaymentModel),
		}
	}
	return methods, answer.Warnings, nil
}
