package payments

import "github.com/shopanaio/orchestrator/orchestrator/service"

// Module is the service payments.
var Module = service.Module[*Service]("payments", New, service.Config(DefaultConfig))
