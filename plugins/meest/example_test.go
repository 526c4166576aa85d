package meest_test

import (
	"context"
	"fmt"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/plugins/meest"
)

func Example() {
	ctx := context.Background()
	provider, err := meest.Plugin.Open(ctx, plugin.NewConfig("demo", nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := provider.Run(ctx, plugin.Delivery, "list", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	methods, err := plugin.ListShippingMethods.Results(reply.Data)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, method := range methods {
		fmt.Println(method.Ref())
	}
	// Output:
	// meest:warehouse_warehouse
	// meest:warehouse_doors
	// meest:doors_warehouse
	// meest:doors_doors
}
