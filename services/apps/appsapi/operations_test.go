package appsapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

type answer = func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error)

func fails(err error) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{}, err
	}
}

func hangs(ctx context.Context, _ appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	<-ctx.Done()
	return appsapi.ExecuteResponse{}, ctx.Err()
}

// road leads to apps that answer so, or to none for nil.
func road(t *testing.T, apps answer, change ...func(*bus.Options)) *appsapi.Providers {
	t.Helper()
	node := bustest.New(t, change...)
	if apps != nil {
		bustest.Fake(t, node, appsapi.Execute, apps)
	}
	return appsapi.NewProviders(node.View("pricing"), bustest.Logger(t), errNoProject, bus.Timeout(5*time.Second))
}

func discounts(ctx context.Context, t *testing.T, to *appsapi.Providers) appsapi.Answer[plugin.Discount] {
	t.Helper()
	got, err := appsapi.Ask(ctx, to, plugin.ListDiscounts, "demo", plugin.DiscountQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var unavailable = appsapi.Answer[plugin.Discount]{
	Items:    []plugin.Discount{},
	Warnings: []appsapi.Warning{{Code: appsapi.InternalError, Message: "The discounts are not available at the moment."}},
}

func TestAskWhenNobodyCanBeAsked(t *testing.T) {
	for name, apps := range map[string]answer{
		"not there":        nil,
		"down":             fails(bus.Errorf(bus.Unavailable, "apps is down")),
		"undeclared error": fails(errors.New("disk full")),
		"no discounts": func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
			return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: json.RawMessage(`"WELCOME10"`)}}}, nil
		},
	} {
		if diff := cmp.Diff(unavailable, discounts(t.Context(), t, road(t, apps))); diff != "" {
			t.Errorf("apps %s (-want +got):\n%s", name, diff)
		}
	}
	got, err := appsapi.Ask(t.Context(), road(t, nil), plugin.ListPaymentMethods, "demo", plugin.PaymentQuery{Currency: "usd"})
	if err != nil || got.Asked || len(got.Warnings) != 1 {
		t.Errorf("a query that is not valid: %+v, %v", got, err)
	}
}

// Nothing said is an empty list, never nil, and complete.
func TestAskWhenThereIsNothing(t *testing.T) {
	want := appsapi.Answer[plugin.Discount]{Items: []plugin.Discount{}, Warnings: []appsapi.Warning{}, Asked: true, Complete: true}
	apps := func(_ context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		if diff := cmp.Diff(appsapi.ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"}, req); diff != "" {
			t.Errorf("apps is asked (-want +got):\n%s", diff)
		}
		return appsapi.ExecuteResponse{}, nil
	}
	if diff := cmp.Diff(want, discounts(t.Context(), t, road(t, apps))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAskSaysWhetherAProviderFailed(t *testing.T) {
	for code, complete := range map[appsapi.WarningCode]bool{
		appsapi.ProviderError: false, appsapi.ProviderTimeout: false, "OLD_PRICES": true,
	} {
		warning := appsapi.Warning{Code: code, Provider: "other"}
		got := discounts(t.Context(), t, road(t, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
			data, err := plugin.ListDiscounts.Items(plugin.Discount{Code: "TEN"})
			return appsapi.ExecuteResponse{Data: data, Warnings: []appsapi.Warning{warning}}, err
		}))
		want := appsapi.Answer[plugin.Discount]{
			Items: []plugin.Discount{{Code: "TEN"}}, Warnings: []appsapi.Warning{warning}, Asked: true, Complete: complete,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
}

func TestAskForAProjectThatDoesNotExist(t *testing.T) {
	_, err := appsapi.Ask(t.Context(), road(t, fails(appsapi.ErrProjectNotFound.Errorf("no project"))),
		plugin.ListDiscounts, "nobody", plugin.DiscountQuery{})
	if !errors.Is(err, errNoProject) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("got %v, want the error of the road", err)
	}
}

// Providers that hang cost their answer; a caller that has less time than they gets its
// own deadline, and one that gives up its own error.
func TestAskForLongerThanAnybodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := road(t, hangs)
		start := time.Now()
		if diff := cmp.Diff(unavailable, discounts(t.Context(), t, to)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("the answer took %s, want the limit of the road", took)
		}
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := appsapi.Ask(hurried, to, plugin.ListDiscounts, "demo", plugin.DiscountQuery{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a hurried caller gets %v", err)
		}
	})
}

// In one process nobody writes the results as JSON, which would take the blanks out of a
// payload; and still service and provider share no memory.
func TestAnswersAreCopiedAndNotWritten(t *testing.T) {
	price := money.Of(15_00, "USD")
	kept := []plugin.Offer{{PurchasableID: "mug", UnitCompareAtPrice: &price, ProviderPayload: json.RawMessage(`{ "a" : 1 }`)}}
	for strict, payload := range map[bool]string{false: `{ "a" : 1 }`, true: `{"a":1}`} {
		to := road(t, func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
			data, err := plugin.GetOffers.Items(kept...)
			return appsapi.ExecuteResponse{Data: data}, err
		}, func(o *bus.Options) { o.Strict = strict })
		got, err := appsapi.Ask(t.Context(), to, plugin.GetOffers, "demo", plugin.OffersQuery{})
		if err != nil || len(got.Items) != 1 || string(got.Items[0].ProviderPayload) != payload {
			t.Fatalf("strict=%v: got %+v, %v; want the payload %s", strict, got, err, payload)
		}
		got.Items[0].UnitCompareAtPrice.Amount = 1
		got.Items[0].ProviderPayload[2] = 'x'
		if kept[0].UnitCompareAtPrice.Amount != 15_00 || string(kept[0].ProviderPayload) != `{ "a" : 1 }` {
			t.Errorf("strict=%v: the service changed what the provider holds: %+v", strict, kept[0])
		}
	}
}
