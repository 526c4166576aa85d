package apps_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// The service needs a bus, and the plugins that are linked; no process, no container.
// Whoever asks for discounts gets those of the plugins that the project has installed.
func Example() {
	ctx, log := context.Background(), slog.New(slog.DiscardHandler)
	node, group := membus.New(bus.Options{}), service.NewGroup(log)
	config := apps.DefaultConfig()
	config.Projects = map[string]apps.ProjectConfig{
		"demo":  {Plugins: apps.PluginsConfig{"promo": {Status: "active"}}},
		"empty": {Plugins: apps.PluginsConfig{}},
	}
	running, err := apps.New(apps.Params{
		Bus: node.View("apps"), Log: log, Config: config, Group: group, Plugins: plugin.Set{promo}, Environment: service.Production,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _, _ = running.Stop(ctx), group.Stop(ctx) }()

	notFound := bus.NewError(bus.NotFound, "shop.projectNotFound")
	providers := appsapi.NewProviders(node.View("shop"), log, notFound)
	for _, project := range []string{"demo", "empty", "other"} {
		answer, err := appsapi.Ask(ctx, providers, plugin.ListDiscounts, project, plugin.DiscountQuery{})
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(project, len(answer.Items), answer.Complete)
		for _, discount := range answer.Items {
			fmt.Println(discount.Code, discount.Percent)
		}
	}
	// Output:
	// demo 1 true
	// SAVE 10
	// empty 0 true
	// there is no project "other" (not_found)
}
