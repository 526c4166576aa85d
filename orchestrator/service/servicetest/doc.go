// Package servicetest runs one service in a test, as a process would.
//
//	node := bustest.New(t)
//	apps := bustest.Fake(t, node, appsapi.Execute, answer)
//	pricing := servicetest.Start(t, pricing.Module, servicetest.On(node))
//	res, err := pricingapi.EvaluateDiscounts.Call(t.Context(), pricing.Caller(), req)
//
// [Start] takes the service's real module: its constructor, its settings and their
// defaults, its Start and Stop with their budgets, its goroutines. The services
// that it calls are fakes, or real ones started on the same node. Before anything
// runs, Start reads the service's source for the actions it calls, and ends the
// test if one of them is served by nobody: it names the action and the place of
// the first use. Where the source is not there, as in a Bazel sandbox, it says so
// in the test's log and goes on.
//
// [Lifecycle] holds a service to what package service says of its life. Every
// service has a test that is this one line.
package servicetest
