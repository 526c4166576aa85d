package banktransfer_test

import (
	"context"
	"encoding/json"
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
	if err != nil {
		fmt.Println(err)
		return
	}
	written, err := json.Marshal(reply.Data) // as it goes to another process
	fmt.Printf("%s %v\n", written, err)
	// Output:
	// [{"code":"bank_transfer","provider":"bank-transfer","flow":"OFFLINE","metadata":{},"constraints":{"shippingMethodCodes":[]}}] <nil>
}
