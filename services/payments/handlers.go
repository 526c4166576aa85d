package payments

import (
	"context"
	"errors"
	"slices"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

func (s *Service) getPaymentMethods(ctx context.Context, req paymentsapi.GetPaymentMethodsRequest) (paymentsapi.GetPaymentMethodsResponse, error) {
	methods, warnings, err := s.listMethods(ctx, req.ProjectID, req.Currency)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return paymentsapi.GetPaymentMethodsResponse{}, ctx.Err()
	case errors.Is(err, appsapi.ErrProjectNotFound):
		return paymentsapi.GetPaymentMethodsResponse{}, paymentsapi.ErrProjectNotFound.Errorf("there is no project %q", req.ProjectID)
	default:
		return s.withoutProviders(ctx, req.ProjectID, err), nil
	}
	if req.ShippingMethod != "" {
		methods = slices.DeleteFunc(methods, func(m paymentsapi.PaymentMethod) bool {
			return !m.Constraints.Allow(req.ShippingMethod)
		})
	}
	return paymentsapi.GetPaymentMethodsResponse{Methods: methods, Warnings: warnings}, nil
}

// withoutProviders is the answer when nobody could be asked: a shop without
// payment methods is better than one that is down, and the warning tells it from
// a shop that has none.
func (s *Service) withoutProviders(ctx context.Context, projectID string, cause error) paymentsapi.GetPaymentMethodsResponse {
	s.log.WarnContext(ctx, "providers could not be asked for payment methods",
		"project", projectID, "request_id", bus.RequestID(ctx), "error", cause)
	return paymentsapi.GetPaymentMethodsResponse{
		Methods: []paymentsapi.PaymentMethod{},
		Warnings: []paymentsapi.Warning{{
			Code: paymentsapi.InternalError, Message: "The payment methods are not available at the moment.",
		}},
	}
}
