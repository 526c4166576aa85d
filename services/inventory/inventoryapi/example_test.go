package inventoryapi_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

func ExampleGetOffersRequest_Validate() {
	err := inventoryapi.GetOffersRequest{
		ProjectID: "demo",
		Currency:  "USD",
		Items:     []inventoryapi.Item{{LineID: "1", PurchasableID: "mug-blue"}},
	}.Validate()
	fmt.Println(err)
	// Output: the request is not valid: items[0].quantity must be at least 1 (invalid_argument)
}
