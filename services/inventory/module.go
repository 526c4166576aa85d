package inventory

import "github.com/shopanaio/orchestrator/orchestrator/service"

// Module is the service inventory.
var Module = service.Module[*Service]("inventory", New, service.Config(DefaultConfig))
