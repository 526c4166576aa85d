package payments_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/payments"
	"github.com/shopanaio/orchestrator/services/payments/paymentsapi"
)

// A service needs a bus and somebody who answers for the services it calls; no
// process, no container.
func Example() {
	node := membus.New(bus.Options{})
	appsapi.Execute.Handle(node.View("apps"), func(context.Context, appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		return appsapi.ExecuteResponse{Data: []plugin.Item{{JSON: []byte(
			`{"code":"bank_transfer","provider":"bank-transfer","flow":"OFFLINE"}`)}}}, nil
	})
	_, err := payments.New(payments.Params{Bus: node.View("payments"), Log: slog.New(slog.DiscardHandler), Config: payments.DefaultConfig()})
	if err != nil {
		panic(err)
	}

	res, err := paymentsapi.GetPaymentMethods.Call(context.Background(), node.View("storefront"),
		paymentsapi.GetPaymentMethodsRequest{ProjectID: "demo", Currency: "USD"})
	if err != nil {
		panic(err)
	}
	fmt.Println(res.Methods[0].Code, res.Methods[0].Flow)
	// Output: bank-transfer:bank_transfer OFFLINE
}
