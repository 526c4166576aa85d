package apps

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// serve is the function of a provider in these tests: it lists discounts.
type serve func(ctx context.Context) ([]plugin.Discount, []plugin.Warning, error)

// promo returns a plugin that offers discounts.
func promo(code string, priority int, list serve) plugin.Plugin {
	return plugin.Plugin{
		Manifest: plugin.Manifest{
			Code: code, DisplayName: "Promo " + code, Version: "1.0.0", APIVersion: "^1.0.0",
			Domains: []plugin.Domain{plugin.Pricing}, Priority: priority,
		},
		New: func(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
			var settings struct {
				Key plugin.Secret `json:"key"`
				Max int           `json:"max"`
			}
			if err := config.Decode(&settings); err != nil {
				return nil, err
			}
			provider := plugin.NewProvider(settings)
			plugin.ListDiscounts.Serve(provider, func(ctx context.Context, _ plugin.DiscountQuery) ([]plugin.Discount, []plugin.Warning, error) {
				return list(ctx)
			})
			return provider, nil
		},
	}
}

// carrier returns a plugin that serves two domains, with nothing to offer.
func carrier(code string, priority int) plugin.Plugin {
	return plugin.Plugin{
		Manifest: plugin.Manifest{
			Code: code, DisplayName: "Carrier " + code, Version: "0.1.0", APIVersion: "^1.0.0",
			Domains: []plugin.Domain{plugin.Delivery, plugin.Payments}, Priority: priority,
		},
		New: func(_ context.Context, config plugin.Config) (*plugin.Provider, error) {
			var settings struct {
				Key plugin.Secret `json:"key"`
			}
			if err := config.Decode(&settings); err != nil {
				return nil, err
			}
			provider := plugin.NewProvider(settings)
			plugin.ListShippingMethods.Serve(provider, func(context.Context, plugin.ShippingQuery) ([]plugin.ShippingMethod, []plugin.Warning, error) {
				return nil, nil, nil
			})
			plugin.ListPaymentMethods.Serve(provider, func(context.Context, plugin.PaymentQuery) ([]plugin.PaymentMethod, []plugin.Warning, error) {
				return nil, nil, nil
			})
			return provider, nil
		},
	}
}

// soldOut returns a plugin that warns of every item and offers none.
func soldOut() plugin.Plugin {
	p := promo("sold-out", 0, nil)
	p.Manifest.Domains = []plugin.Domain{plugin.Inventory}
	p.New = func(context.Context, plugin.Config) (*plugin.Provider, error) {
		provider := plugin.NewProvider(nil)
		plugin.GetOffers.Serve(provider, func(_ context.Context, q plugin.OffersQuery) ([]plugin.Offer, []plugin.Warning, error) {
			var warnings []plugin.Warning
			for _, item := range q.Items {
				warnings = append(warnings, plugin.Warning{Code: "SOLD_OUT", Subject: item.PurchasableID, Message: "it is sold out"})
			}
			return nil, warnings, nil
		})
		return provider, nil
	}
	return p
}

// gives is a provider that works.
func gives(codes ...string) serve {
	return func(context.Context) ([]plugin.Discount, []plugin.Warning, error) {
		var discounts []plugin.Discount
		for _, code := range codes {
			discounts = append(discounts, plugin.Discount{Code: code, Type: plugin.Percentage, Percent: 5})
		}
		return discounts, nil, nil
	}
}

var errCarrier = errors.New("the secret cause")

func fails(context.Context) ([]plugin.Discount, []plugin.Warning, error) {
	return nil, nil, errCarrier
}

func panics(context.Context) ([]plugin.Discount, []plugin.Warning, error) {
	panic("the secret cause")
}

// hangsUntil ignores its ctx.
func hangsUntil(released <-chan struct{}) serve {
	return func(context.Context) ([]plugin.Discount, []plugin.Warning, error) {
		<-released
		return nil, nil, nil
	}
}

// running is the service on a bus, called by "tester".
type running struct {
	service *Service
	node    *bus.Node
	caller  *bus.Bus
	log     *bytes.Buffer
}

// start makes the service and ends it with the test.
func start(t *testing.T, config Config, environment service.Environment, linked ...plugin.Plugin) running {
	t.Helper()
	log := new(bytes.Buffer)
	logger := slog.New(slog.NewTextHandler(log, nil))
	node := membus.New(bus.Options{Strict: true, Logger: logger})
	group := service.NewGroup(logger)
	s, err := New(Params{Bus: node.View("apps"), Log: logger, Config: config, Group: group, Plugins: linked, Environment: environment})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(node.Check(), s.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Stop(context.Background()), group.Stop(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return running{s, node, node.View("tester"), log}
}

// development starts the service as it is without configuration.
func development(t *testing.T, linked ...plugin.Plugin) running {
	t.Helper()
	return start(t, DefaultConfig(), service.Development, linked...)
}

func listDiscounts() appsapi.ExecuteRequest {
	return appsapi.ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"}
}

// codes returns the codes of the discounts in an answer.
func codes(t *testing.T, data []plugin.Item) []string {
	t.Helper()
	discounts, err := plugin.ListDiscounts.Results(data)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range discounts {
		found = append(found, d.Code)
	}
	return found
}

// expect compares the codes in an answer, and its warnings as "code provider".
func expect(t *testing.T, res appsapi.ExecuteResponse, wantCodes, wantWarnings []string) {
	t.Helper()
	if got := codes(t, res.Data); !slices.Equal(got, wantCodes) {
		t.Errorf("the data is %v, want %v", got, wantCodes)
	}
	var warnings []string
	for _, w := range res.Warnings {
		warnings = append(warnings, string(w.Code)+" "+w.Provider)
	}
	if !slices.Equal(warnings, wantWarnings) {
		t.Errorf("the warnings are %+v, want %v", res.Warnings, wantWarnings)
	}
}
