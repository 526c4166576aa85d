// Package appsapi is the contract of the service apps, which runs the providers
// (plugins) that a project has installed.
//
// [Execute] runs one operation of one domain over them. What an operation takes
// and gives is declared by the provider SDK, so a service that calls it writes
// no field name of its own:
//
//	params, err := plugin.ListDiscounts.Params(plugin.DiscountQuery{})
//	...
//	res, err := appsapi.Execute.Call(ctx, b, appsapi.ExecuteRequest{
//		ProjectID: projectID,
//		Domain:    string(plugin.ListDiscounts.Domain()),
//		Operation: plugin.ListDiscounts.Name(),
//		Params:    params,
//	})
//	...
//	discounts, err := plugin.ListDiscounts.Results(res.Data)
//
// Promises: results come in the order of the plugins' priority, then of their
// codes, and within one provider in its own order. A provider that fails, hangs
// or panics costs its own results and gives a warning; the results of the
// others arrive.
package appsapi
