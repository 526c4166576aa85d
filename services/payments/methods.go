package payments

import (
	"context"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

func (s *Service) getPaymentMethods(ctx context.Context, req paymentsapi.GetPaymentMethodsRequest) (paymentsapi.GetPaymentMethodsResponse, error) {
	answer, err := appsapi.Ask(ctx, s.providers, plugin.ListPaymentMethods, req.ProjectID, plugin.PaymentQuery{Currency: req.Currency})
	if err != nil {
		return paymentsapi.GetPaymentMethodsResponse{}, err
	}
	methods := make([]paymentsapi.PaymentMethod, 0, len(answer.Items))
	for _, given := range answer.Items {
		if method := methodOf(given); req.ShippingMethod == "" || method.Constraints.Allow(req.ShippingMethod) {
			methods = append(methods, method)
		}
	}
	return paymentsapi.GetPaymentMethodsResponse{Methods: methods, Warnings: answer.Warnings}, nil
}

func methodOf(given plugin.PaymentMethod) paymentsapi.PaymentMethod {
	method := paymentsapi.PaymentMethod{
		Code:        plugin.Ref(given.Provider, given.Code),
		Provider:    given.Provider,
		Flow:        paymentsapi.Flow(given.Flow),
		Metadata:    given.Metadata,
		Constraints: paymentsapi.Constraints{ShippingMethodCodes: given.Constraints.ShippingMethodCodes},
	}
	if method.Metadata == nil {
		method.Metadata = map[string]string{}
	}
	if method.Constraints.ShippingMethodCodes == nil {
		method.Constraints.ShippingMethodCodes = []string{}
	}
	return method
}
