// Package appsapi is the contract of the service apps, which runs the providers
// (plugins) that a project has installed.
//
// [Execute] runs one operation of one domain over them. What an operation takes
// and gives is declared by the provider SDK, and a service asks for it with [Ask], on a
// road that it makes once, so that it writes no field name of its own:
//
//	providers := appsapi.NewProviders(b, log, ErrProjectNotFound, bus.Timeout(5*time.Second))
//	...
//	answer, err := appsapi.Ask(ctx, providers, plugin.ListDiscounts, projectID, plugin.DiscountQuery{})
//
// Promises: results come in the order of the plugins' priority, then of their
// codes, and within one provider in its own order. A provider that fails, hangs
// or panics costs its own results and gives a warning; the results of the
// others arrive.
package appsapi
