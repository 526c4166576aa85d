package delivery

import (
	"context"
	"errors"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// Service answers for the shipping methods of all projects.
type Service struct {
	bus     *bus.Bus
	log     *slog.Logger
	execute *bus.Action[appsapi.ExecuteRequest, appsapi.ExecuteResponse]
}

// New registers the handlers of the contract.
func New(b *bus.Bus, log *slog.Logger, config Config) *Service {
	s := &Service{
		bus:     b,
		log:     log,
		execute: appsapi.Execute.With(bus.Timeout(config.ProviderTimeout)),
	}
	deliveryapi.ShippingMethods.Handle(b, s.shippingMethods)
	deliveryapi.CreateDeliveryGroups.Handle(b, s.createDeliveryGroups)
	return s
}

// methods asks the project's providers, once. It fails when the project does not
// exist or the caller gave up; any other trouble is an empty list and a warning:
// a shop without shipping is better than one that is down.
func (s *Service) methods(ctx context.Context, projectID string) ([]deliveryapi.ShippingMethod, []deliveryapi.Warning, error) {
	methods, warnings, err := s.listMethods(ctx, projectID)
	switch {
	case err == nil:
		return methods, warnings, nil
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case errors.Is(err, appsapi.ErrProjectNotFound):
		return nil, nil, deliveryapi.ErrProjectNotFound.Errorf("there is no project %q", projectID)
	}
	s.log.WarnContext(ctx, "providers could not be asked for shipping methods",
		"project", projectID, "request_id", bus.RequestID(ctx), "error", err)
	return []deliveryapi.ShippingMethod{}, []deliveryapi.Warning{{
		Code: deliveryapi.InternalError, Message: "The shipping methods are not available at the moment.",
	}}, nil
}

// listMethods is the one round to the providers.
func (s *Service) listMethods(ctx context.Context, projectID string) ([]deliveryapi.ShippingMethod, []deliveryapi.Warning, error) {
	params, err := plugin.ListShippingMethods.Params(plugin.ShippingQuery{})
	if err != nil {
		return nil, nil, err
	}
	answer, err := s.execute.Call(ctx, s.bus, appsapi.ExecuteRequest{
		ProjectID: projectID,
		Domain:    string(plugin.ListShippingMethods.Domain()),
		Operation: plugin.ListShippingMethods.Name(),
		Params:    params,
	})
	if err != nil {
		return nil, nil, err
	}
	results, err := plugin.ListShippingMethods.Results(answer.Data)
	if err != nil {
		return nil, nil, err
	}
	methods := make([]deliveryapi.ShippingMethod, len(results))
	for i, result := range results {
		methods[i] = deliveryapi.ShippingMethod{
			Code:                 result.Ref(),
			Provider:             result.Provider,
			DeliveryMethodType:   deliveryapi.MethodType(result.DeliveryMethodType),
			ShippingPaymentModel: deliveryapi.PaymentModel(result.ShippingPaymentModel),
		}
	}
	return methods, passOn(answer.Warnings), nil
}

func passOn(given []appsapi.Warning) []deliveryapi.Warning {
	warnings := make([]deliveryapi.Warning, len(given))
	for i, w := range given {
		warnings[i] = deliveryapi.Warning{
			Code: deliveryapi.WarningCode(w.Code), Message: w.Message, Provider: w.Provider, Subject: w.Subject,
		}
	}
	return warnings
}
