package delivery

import (
	"context"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// Service answers for the shipping methods of all projects.
type Service struct {
	providers *appsapi.Providers
}

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		providers: appsapi.NewProviders(b, log, deliveryapi.ErrProjectNotFound, bus.Timeout(config.ProviderTimeout)),
	}
	deliveryapi.ShippingMethods.Handle(b, s.shippingMethods)
	deliveryapi.CreateDeliveryGroups.Handle(b, s.createDeliveryGroups)
	return s
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
