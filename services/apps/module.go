package apps

import "github.com/shopanaio/orchestrator/orchestrator/service"

// Module is the service apps, to be run by an orchestrator.
var Module = service.Module[*Service]("apps", New, service.Config(DefaultConfig))
