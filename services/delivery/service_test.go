package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// fakeApps answers apps.execute as the demo's two carriers do.
type fakeApps struct {
	err  error
	hang bool

	mu     sync.Mutex
	rounds []appsapi.ExecuteRequest
}

func (f *fakeApps) execute(ctx context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	f.mu.Lock()
	f.rounds = append(f.rounds, req)
	f.mu.Unlock()
	if f.hang {
		<-ctx.Done()
		return appsapi.ExecuteResponse{}, ctx.Err()
	}
	if f.err != nil {
		return appsapi.ExecuteResponse{}, f.err
	}
	var data []json.RawMessage
	for _, method := range [][2]string{
		{"novaposhta", "warehouse_warehouse"}, {"novaposhta", "warehouse_doors"},
		{"meest", "warehouse_warehouse"}, {"meest", "warehouse_doors"}, {"meest", "doors_warehouse"}, {"meest", "doors_doors"},
	} {
		item, err := json.Marshal(plugin.ShippingMethod{
			Provider: method[0], Code: method[1],
			DeliveryMethodType: plugin.Shipping, ShippingPaymentModel: plugin.MerchantCollected,
		})
		if err != nil {
			return appsapi.ExecuteResponse{}, err
		}
		data = append(data, item)
	}
	return appsapi.ExecuteResponse{Data: data}, nil
}

// open makes the service on a strict bus and returns a caller's view.
func open(t *testing.T, apps *fakeApps) *bus.Bus {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	node := membus.New(bus.Options{Strict: true, Logger: log})
	if apps != nil {
		appsapi.Execute.Handle(node.View("apps"), apps.execute)
	}
	delivery.New(node.View("delivery"), log, delivery.DefaultConfig())
	if err := node.Check(); err != nil {
		t.Fatal(err)
	}
	return node.View("storefront")
}

func list(t *testing.T, b *bus.Bus) deliveryapi.ShippingMethodsResponse {
	t.Helper()
	res, err := deliveryapi.ShippingMethods.Call(t.Context(), b, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func group(t *testing.T, b *bus.Bus, items ...deliveryapi.Item) deliveryapi.CreateDeliveryGroupsResponse {
	t.Helper()
	res, err := deliveryapi.CreateDeliveryGroups.Call(t.Context(), b, deliveryapi.CreateDeliveryGroupsRequest{ProjectID: "demo", Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// Proves: D1
func TestShippingMethods(t *testing.T) {
	res := list(t, open(t, &fakeApps{}))
	want := []string{
		"novaposhta:warehouse_warehouse", "novaposhta:warehouse_doors",
		"meest:warehouse_warehouse", "meest:warehouse_doors", "meest:doors_warehouse", "meest:doors_doors",
	}
	var got []string
	for _, method := range res.Methods {
		got = append(got, method.Code)
		if method.DeliveryMethodType != deliveryapi.Shipping || method.ShippingPaymentModel != deliveryapi.MerchantCollected {
			t.Errorf("%s is %s and %s", method.Code, method.DeliveryMethodType, method.ShippingPaymentModel)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(res.Warnings) > 0 {
		t.Errorf("warnings %v, methods (-want +got):\n%s", res.Warnings, diff)
	}
}

// Proves: D2
func TestDeliveryGroups(t *testing.T) {
	apps := &fakeApps{}
	b := open(t, apps)

	digital := group(t, b, deliveryapi.Item{Ref: "card", Quantity: 1})
	if digital.Groups == nil || len(digital.Groups) > 0 || len(digital.Warnings) > 0 {
		t.Errorf("only digital: %+v, want no group", digital)
	}
	if none := group(t, b); none.Groups == nil || len(none.Groups) > 0 {
		t.Errorf("no items: %+v, want no group", none)
	}
	if len(apps.rounds) > 0 {
		t.Errorf("nothing to ship took %d rounds to the providers", len(apps.rounds))
	}

	mixed := group(t, b,
		deliveryapi.Item{Ref: "mug", IsPhysical: true, Quantity: 2},
		deliveryapi.Item{Ref: "card", IsPhysical: false, Quantity: 1},
		deliveryapi.Item{Ref: "shirt", IsPhysical: true}, // the quantity may be left out
	)
	want := []deliveryapi.Group{{Refs: []string{"mug", "shirt"}, Methods: list(t, b).Methods}}
	if diff := cmp.Diff(want, mixed.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestWithoutProviders(t *testing.T) {
	for name, apps := range map[string]*fakeApps{
		"not there":        nil,
		"down":             {err: bus.Errorf(bus.Unavailable, "apps is down")},
		"undeclared error": {err: errors.New("disk full")},
	} {
		b := open(t, apps)
		res := list(t, b)
		if res.Methods == nil || len(res.Methods) > 0 || len(res.Warnings) != 1 || res.Warnings[0].Code != deliveryapi.InternalError {
			t.Errorf("apps %s: %+v, want an empty list and one INTERNAL_ERROR warning", name, res)
		}
		groups := group(t, b, deliveryapi.Item{Ref: "mug", IsPhysical: true})
		want := deliveryapi.CreateDeliveryGroupsResponse{
			Groups:   []deliveryapi.Group{{Refs: []string{"mug"}, Methods: []deliveryapi.ShippingMethod{}}},
			Warnings: res.Warnings,
		}
		if diff := cmp.Diff(want, groups); diff != "" {
			t.Errorf("apps %s: groups (-want +got):\n%s", name, diff)
		}
	}
}

func TestHangingProviders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := open(t, &fakeApps{hang: true})
		start := time.Now()
		if res := list(t, b); len(res.Warnings) != 1 || res.Warnings[0].Code != deliveryapi.InternalError {
			t.Errorf("hanging apps: %+v", res)
		}
		if took := time.Since(start); took != delivery.DefaultConfig().ProviderTimeout {
			t.Errorf("the answer took %s, want the provider timeout", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := deliveryapi.ShippingMethods.Call(ctx, b, deliveryapi.ShippingMethodsRequest{ProjectID: "demo"})
		if bus.CodeOf(err) != bus.DeadlineExceeded {
			t.Errorf("hurried caller: error = %v, want DeadlineExceeded", err)
		}
	})
}

func TestUnknownProjectIsAnError(t *testing.T) {
	b := open(t, &fakeApps{err: appsapi.ErrProjectNotFound.Errorf("no project")})
	_, err := deliveryapi.ShippingMethods.Call(t.Context(), b, deliveryapi.ShippingMethodsRequest{ProjectID: "nobody"})
	if !errors.Is(err, deliveryapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("error = %v, want ErrProjectNotFound", err)
	}
}

func TestRefusesWithPaths(t *testing.T) {
	b := open(t, &fakeApps{})
	_, err := deliveryapi.CreateDeliveryGroups.Call(t.Context(), b, deliveryapi.CreateDeliveryGroupsRequest{
		Items: []deliveryapi.Item{{}, {Ref: "a", Quantity: -1}, {Ref: "a"}},
	})
	var invalid *bus.Error
	if !errors.As(err, &invalid) || invalid.Code != bus.InvalidArgument {
		t.Fatalf("error = %v, want InvalidArgument", err)
	}
	got := map[string]string{}
	for _, field := range invalid.Fields() {
		got[field.Field] = field.Rule
	}
	want := map[string]string{"projectId": "required", "items[0].ref": "required", "items[1].quantity": "minimum", "items[2].ref": "unique"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestConfig(t *testing.T) {
	if err := delivery.DefaultConfig().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	if (delivery.Config{}).Validate() == nil {
		t.Error("a provider timeout of 0 is accepted")
	}
}
