package paymentsapi_test

import (
	"fmt"

	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

func ExampleConstraints_Allow() {
	cashOnDelivery := paymentsapi.Constraints{ShippingMethodCodes: []string{"meest:doors_doors"}}
	fmt.Println(cashOnDelivery.Allow("meest:doors_doors"), cashOnDelivery.Allow("novaposhta:warehouse_doors"))
	fmt.Println(paymentsapi.Constraints{}.Allow("novaposhta:warehouse_doors"))
	// Output:
	// true false
	// true
}

func ExampleGetPaymentMethodsRequest_Validate() {
	err := paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", ShippingMethod: "warehouse_doors"}.Validate()
	fmt.Println(err)
	// Output: the request is not valid: shippingMethod must be written as provider:code, such as "novaposhta:warehouse_doors" (invalid_argument)
}
