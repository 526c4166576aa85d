package delivery_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

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
