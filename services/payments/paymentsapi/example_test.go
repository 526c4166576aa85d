package paymentsapi_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
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

// The bus checks requests before the service sees them.
func ExampleGetPaymentMethodsRequest() {
	node := membus.New(bus.Options{})
	paymentsapi.GetPaymentMethods.Handle(node.View("payments"),
		func(context.Context, paymentsapi.GetPaymentMethodsRequest) (paymentsapi.GetPaymentMethodsResponse, error) {
			return paymentsapi.GetPaymentMethodsResponse{}, nil
		})

	_, err := paymentsapi.GetPaymentMethods.Call(context.Background(), node.View("checkout"), paymentsapi.GetPaymentMethodsRequest{
		Currency: "usd", ShippingMethod: "warehouse_doors",
	})
	if invalid, ok := errors.AsType[*bus.Error](err); ok {
		for _, field := range invalid.Fields() {
			fmt.Println(field.Field, field.Message)
		}
	}
	// Output:
	// projectId must not be empty: the project that sells
	// currency unknown currency "usd": write USD
	// shippingMethod must be written as provider:code, such as novaposhta:warehouse_doors
}
