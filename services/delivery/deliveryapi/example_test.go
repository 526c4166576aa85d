package deliveryapi_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/services/delivery/deliveryapi"
)

func ExampleCreateDeliveryGroupsRequest_Validate() {
	err := deliveryapi.CreateDeliveryGroupsRequest{
		ProjectID: "demo",
		Items:     []deliveryapi.Item{{Ref: "line-1", IsPhysical: true}, {Ref: "line-1"}},
	}.Validate()
	fmt.Println(err)
	// Output: the request is not valid: items[1].ref is the ref of items[0] already (invalid_argument)
}
