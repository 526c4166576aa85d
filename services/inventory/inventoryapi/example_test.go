package inventoryapi_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

func ExampleGetOffersRequest_Validate() {
	err := inventoryapi.GetOffersRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Items:     []inventoryapi.Item{{LineID: "1", PurchasableID: "mug-blue", Quantity: 1}, {LineID: "1", PurchasableID: "mug-red", Quantity: 1}},
	}.Validate()
	fmt.Println(err)
	// Output: the request is not valid: items[1].lineId is the id of items[0] already (invalid_argument)
}
