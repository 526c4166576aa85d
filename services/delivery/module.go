package delivery

import "github.com/shopanaio/orchestrator/orchestrator/service"

// Module is the service delivery.
var Module = service.Module[*Service]("delivery", New, service.Config(DefaultConfig))
