package appsapi_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// errNoProject is the error of the service that asks: its callers need not know apps.
var errNoProject = bus.NewError(bus.NotFound, "pricing.projectNotFound")

// A service makes its road to the providers once, and asks on it. A test of the service
// answers in the place of apps.
func ExampleAsk() {
	ctx := context.Background()
	node := membus.New(bus.Options{Strict: true})
	appsapi.Execute.Handle(node.View("apps"), func(_ context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
		if req.ProjectID != "demo" {
			return appsapi.ExecuteResponse{}, appsapi.ErrProjectNotFound.Errorf("there is no such project")
		}
		data, err := plugin.ListDiscounts.Items(plugin.Discount{Code: "WELCOME10", Type: plugin.Percentage, Percent: 10})
		return appsapi.ExecuteResponse{Data: data}, err
	})
	if err := node.Check(); err != nil {
		fmt.Println(err)
		return
	}
	providers := appsapi.NewProviders(node.View("pricing"), slog.New(slog.DiscardHandler), errNoProject)

	answer, err := appsapi.Ask(ctx, providers, plugin.ListDiscounts, "demo", plugin.DiscountQuery{})
	fmt.Println(answer.Items[0].Code, answer.Complete, err)

	_, err = appsapi.Ask(ctx, providers, plugin.ListDiscounts, "nobody", plugin.DiscountQuery{})
	fmt.Println(errors.Is(err, errNoProject), err)
	// Output:
	// WELCOME10 true <nil>
	// true there is no project "nobody" (not_found)
}
