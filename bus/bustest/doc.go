// Package bustest helps to test what talks over the bus.
//
// # Testing a service
//
// [New] makes a bus for one test: it is strict, so that what passes here passes
// between processes too, it logs to the test, and the test fails for wiring
// mistakes nobody looked at. [Fake] answers for another service's action and keeps
// what it was asked:
//
//	node := bustest.New(t)
//	apps := bustest.Fake(t, node, appsapi.Execute, func(ctx context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
//		return appsapi.ExecuteResponse{}, nil
//	})
//	pricing.New(node.View("pricing"), log, pricing.DefaultConfig())
//	…
//	asked := apps.Calls() // typed requests
//
// [Hear] keeps what the service emits, and waits until it has come.
//
// Package servicetest, beside package service, does the rest: it runs a service's
// real module over such a node.
//
// # Time
//
// All that the bus measures and waits for follows the clock of testing/synctest: a
// deadline of ten seconds takes none inside a bubble. Make the node in the bubble.
//
// # Several processes
//
// A [Link] joins nodes of one test as a server joins processes, in virtual time if it
// is to be. [Fault] loses, refuses, repeats and delays what goes between them, by a
// seed: the same seed decides the same.
//
// # Without a test
//
// [Trial] runs the body of a test where there is none: in an Example, or to see how
// a check fails.
package bustest
