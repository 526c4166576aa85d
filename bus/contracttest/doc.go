// Package contracttest keeps a contract from breaking programs that were built
// with an earlier one.
//
// Where services run in several processes they are not all replaced at once: for a
// while an old caller meets a new service, and a new caller an old one. What they
// exchange is JSON, in which a member more does no harm and a member less, or one of
// another type, does. [Action] compares an action with what was recorded of it:
//
//	func TestContract(t *testing.T) {
//		contracttest.Action(t, pricingapi.EvaluateDiscounts, contracttest.Sample(money.Of(1234, "USD")))
//	}
//
// The record is testdata/<action>.json: the JSON Schema of request and response, the
// action's example as it goes over the wire, and a response with every field filled.
//
// These changes break: a member is removed, renamed or retyped; a request demands
// what it did not (a new required member, a tighter limit, a value less in an enum);
// a response no longer has what it always had. The test says which, where, and how
// to record a change that is meant:
//
//	go test ./services/pricing/pricingapi -update
//
// These do not, and pass without a new record: a new member that a request may leave
// out, a new member of a response, a limit that is wider or gone. The log of the test
// then says that there is something to record.
package contracttest
