package appsapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// A test of a service that calls apps answers in its place.
func Example() {
	ctx := context.Background()
	node := membus.New(bus.Options{Strict: true})
	appsapi.Execute.Handle(node.View("apps"), func(_ context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		if req.Provider != "" {
			return appsapi.ExecuteResponse{}, appsapi.ErrProviderNotInstalled.Errorf("the provider %q is not installed", req.Provider)
		}
		return appsapi.ExecuteResponse{Data: []json.RawMessage{json.RawMessage(`{"code":"WELCOME10"}`)}}, nil
	})
	if err := node.Check(); err != nil {
		fmt.Println(err)
		return
	}

	req := appsapi.ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"}
	res, err := appsapi.Execute.Call(ctx, node.View("pricing"), req)
	fmt.Printf("%s %v\n", res.Data, err)

	req.Provider = "simple-promo"
	_, err = appsapi.Execute.Call(ctx, node.View("pricing"), req)
	fmt.Println(errors.Is(err, appsapi.ErrProviderNotInstalled), err)
	// Output:
	// [{"code":"WELCOME10"}] <nil>
	// true apps.execute failed: the provider "simple-promo" is not installed (failed_precondition)
}
