package payments

import (
	"context"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// Service answers for the payment methods of all projects.
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
	paymentsapi.GetPaymentMethods.Handle(b, s.getPaymentMethods)
	return s
}

// listMethods is the one round to the providers.
func (s *Service) listMethods(ctx context.Context, projectID string, currency money.Currency) ([]paymentsapi.PaymentMethod, []paymentsapi.Warning, error) {
	params, err := plugin.ListPaymentMethods.Params(plugin.PaymentQuery{Currency: currency})
	if err != nil {
		return nil, nil, err
	}
	answer, err := s.execute.Call(ctx, s.bus, appsapi.ExecuteRequest{
		ProjectID: projectID,
		Domain:    string(plugin.ListPaymentMethods.Domain()),
		Operation: plugin.ListPaymentMethods.Name(),
		Params:    params,
	})
	if err != nil {
		return nil, nil, err
	}
	results, err := plugin.ListPaymentMethods.Results(answer.Data)
	if err != nil {
		return nil, nil, err
	}
	methods := make([]paymentsapi.PaymentMethod, len(results))
	for i, result := range results {
		methods[i] = methodOf(result)
	}
	return methods, passOn(answer.Warnings), nil
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

func passOn(given []appsapi.Warning) []paymentsapi.Warning {
	warnings := make([]paymentsapi.Warning, len(given))
	for i, w := range given {
		warnings[i] = paymentsapi.Warning{
			Code: paymentsapi.WarningCode(w.Code), Message: w.Message, Provider: w.Provider, Subject: w.Subject,
		}
	}
	return warnings
}
