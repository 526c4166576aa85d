package delivery_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

// carriers answers apps.execute as the demo's two do.
func carriers(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	var methods []plugin.ShippingMethod
	for _, method := range [][2]string{
		{"novaposhta", "warehouse_warehouse"}, {"novaposhta", "warehouse_doors"},
		{"meest", "warehouse_warehouse"}, {"meest", "warehouse_doors"}, {"meest", "doors_warehouse"}, {"meest", "doors_doors"},
	} {
		methods = append(methods, plugin.ShippingMethod{
			Provider: method[0], Code: method[1],
			DeliveryMethodType: plugin.Shipping, ShippingPaymentModel: plugin.MerchantCollected,
		})
	}
	data, err := plugin.ListShippingMethods.Items(methods...)
	return appsapi.ExecuteResponse{Data: data}, err
}

// answer is what apps.execute does in a test.
type answer = func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error)

func fails(err error) answer {
	return func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{}, err
	}
}

// hangs keeps a call until its deadline.
func hangs(ctx context.Context, _ appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	<-ctx.Done()
	return appsapi.ExecuteResponse{}, ctx.Err()
}

// asked are the calls of apps.execute.
type asked = bustest.Faked[appsapi.ExecuteRequest, appsapi.ExecuteResponse]

// open makes the service on a strict bus, with apps that answer so, or none for nil. It
// returns a caller's view.
func open(t *testing.T, apps answer) (*bus.Bus, *asked) {
	t.Helper()
	node := bustest.New(t)
	var calls *asked
	if apps != nil {
		calls = bustest.Fake(t, node, appsapi.Execute, apps)
	}
	delivery.New(node.View("delivery"), bustest.Logger(t), delivery.DefaultConfig())
	return node.View("storefront"), calls
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
	b, _ := open(t, carriers)
	res := list(t, b)
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
	b, apps := open(t, carriers)

	digital := group(t, b, deliveryapi.Item{Ref: "card", Quantity: 1})
	if digital.Groups == nil || len(digital.Groups) > 0 || len(digital.Warnings) > 0 {
		t.Errorf("only digital: %+v, want no group", digital)
	}
	if none := group(t, b); none.Groups == nil || len(none.Groups) > 0 {
		t.Errorf("no items: %+v, want no group", none)
	}
	if rounds := len(apps.Calls()); rounds > 0 {
		t.Errorf("nothing to ship took %d rounds to the providers", rounds)
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
	for name, apps := range map[string]answer{
		"not there":        nil,
		"down":             fails(bus.Errorf(bus.Unavailable, "apps is down")),
		"undeclared error": fails(errors.New("disk full")),
	} {
		b, _ := open(t, apps)
		res := list(t, b)
		if res.Methods == nil || len(res.Methods) > 0 || len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
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
		b, _ := open(t, hangs)
		start := time.Now()
		if res := list(t, b); len(res.Warnings) != 1 || res.Warnings[0].Code != appsapi.InternalError {
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
	b, _ := open(t, fails(appsapi.ErrProjectNotFound.Errorf("no project")))
	_, err := deliveryapi.ShippingMethods.Call(t.Context(), b, deliveryapi.ShippingMethodsRequest{ProjectID: "nobody"})
	if !errors.Is(err, deliveryapi.ErrProjectNotFound) || bus.CodeOf(err) != bus.NotFound {
		t.Errorf("error = %v, want ErrProjectNotFound", err)
	}
}

func TestRefusesWithPaths(t *testing.T) {
	b, _ := open(t, carriers)
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
