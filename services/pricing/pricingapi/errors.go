package pricingapi

import "github.com/shopanaio/orchestrator/bus"

// The errors that callers can tell apart with errors.Is.
var (
	// ErrProjectNotFound: there is no such project. A project that exists and
	// has no providers gets an empty list instead.
	ErrProjectNotFound = bus.NewError(bus.NotFound, "pricing.projectNotFound")
	// ErrProvidersUnavailable is the error of ValidateDiscount when the code may
	// be one of a provider that could not be asked. Asking again later may help.
	ErrProvidersUnavailable = bus.NewError(bus.Unavailable, "pricing.providersUnavailable")
)
