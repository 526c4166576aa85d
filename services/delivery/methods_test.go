package delivery_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/delivery"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

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
