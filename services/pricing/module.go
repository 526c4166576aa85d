package pricing

import "github.com/shopanaio/orchestrator/orchestrator/service"

// Module is the service pricing.
var Module = service.Module[*Service]("pricing", New, service.Config(DefaultConfig))
