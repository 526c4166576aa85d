package banktransfer_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/plugin"
	banktransfer "github.com/shopanaio/orchestrator/plugins/bank-transfer"
)

func Example() {
	ctx := context.Background()
	provider, err := banktransfer.Plugin.Open(ctx, plugin.NewConfig("demo", nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := provider.Run(ctx, plugin.Payments, "list", []byte(`{"currency": "USD"}`))
	fmt.Printf("%s %v\n", reply.Data, err)
	// Output:
	// [{"code":"bank_transfer","provider":"bank-transfer","flow":"OFFLINE","metadata":{},"constraints":{"shippingMethodCodes":[]}}] <nil>
}
