package appsapi_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/bus/contracttest"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

// The contract may grow; what would break programs that are built with an earlier
// one fails here. See package contracttest.
func TestContract(t *testing.T) {
	contracttest.Action(t, appsapi.Execute, contracttest.Sample(plugin.Item{JSON: []byte(`{"any":"value"}`)}))
	contracttest.Action(t, appsapi.ListApps)
	contracttest.Action(t, appsapi.ListInstalledApps)
}
