package appsapi

import "github.com/shopanaio/orchestrator/bus"

// The errors that callers can tell apart with errors.Is.
var (
	// ErrProjectNotFound: there is no such project.
	ErrProjectNotFound = bus.NewError(bus.NotFound, "apps.projectNotFound")
	// ErrProviderNotInstalled: the project has not installed the provider that
	// the request names, or not for this domain.
	ErrProviderNotInstalled = bus.NewError(bus.FailedPrecondition, "apps.providerNotInstalled")
	// ErrProviderInactive: the provider that the request names is installed,
	// and its status is not active.
	ErrProviderInactive = bus.NewError(bus.FailedPrecondition, "apps.providerInactive")
	// ErrOperationNotServed: none of the providers asked serves the operation.
	ErrOperationNotServed = bus.NewError(bus.Unimplemented, "apps.operationNotServed")
	// ErrProviderFailed: the one provider that the request names failed. The
	// cause is in the log of apps and does not cross.
	ErrProviderFailed = bus.NewError(bus.Internal, "apps.providerFailed")
	// ErrProviderTimeout: the one provider that the request names did not
	// answer in time.
	ErrProviderTimeout = bus.NewError(bus.DeadlineExceeded, "apps.providerTimeout")
)
