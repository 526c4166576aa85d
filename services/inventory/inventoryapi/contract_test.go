package inventoryapi_test

import (
	"testing"

	"github.com/shopanaio/orchestrator/bus/contracttest"
	"github.com/shopanaio/orchestrator/money"
	"github.com/shopanaio/orchestrator/services/inventory/inventoryapi"
)

// The contract may grow; what would break programs that are built with an earlier
// one fails here. See package contracttest.
func TestContract(t *testing.T) {
	amounts := contracttest.Sample(money.Of(1234, "USD"))
	contracttest.Action(t, inventoryapi.GetOffers, amounts)
}
