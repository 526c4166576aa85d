package paymentsapi

import "github.com/shopanaio/orchestrator/bus"

// ErrProjectNotFound says that there is no such project. A project that exists and has no
// providers gets an empty list instead.
var ErrProjectNotFound = bus.NewError(bus.NotFound, "payments.projectNotFound")
