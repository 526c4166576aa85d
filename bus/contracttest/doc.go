// Package contracttest keeps a contract from breaking programs that were built
// with an earlier one.
//
// Where services run in several processes they are not all replaced together: for a
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
// What its own type does not read again is never recorded: a field of a type that does
// not take any value, as money.Money does not, wants a [Sample].
//
// Schemas do not tell what a type takes that reads itself, or what its Validate refuses.
// So the record also has what the contract did with variations of its example, one change
// each, and what it took it has to take, and keep, for ever.
//
// These changes break: a member is removed, renamed, retyped, or gets a namesake in
// another case; a request demands what it did not (a new required member, a tighter limit,
// a value less in an enum, no null any more); a response no longer has what it always had,
// or is what it never was (null, another format, other keys); an action is no longer
// declared idempotent. The test says which, where, and how to record a change that is
// meant:
//
//	go test ./services/pricing/pricingapi -update
//
// These do not, and pass without a new record: a new member that a request may leave
// out, a new member of a response, a limit that is wider or gone. The log of the test
// then says that there is something to record.
//
// # Events
//
// [Event] does the same for an event, whose record, testdata/<event>.json, has the JSON
// Schema of its payload and a payload with every field filled:
//
//	contracttest.Event(t, ordersapi.Created)
//
// An event is judged where it is emitted and where it is heard, each time by the rules
// of the build that is there, and its emitter is not told who refused it: what an old
// subscriber cannot take is dropped, and only counted, as malformed. So both meetings of
// old and new have to go well, and these changes break:
//
//   - what old subscribers read is no longer there: a member is removed, renamed or
//     retyped, or may be absent where it always was there;
//   - new subscribers demand what old emitters do not keep to: a new required member, a
//     limit that is new or tighter, a value less in an enum;
//   - old subscribers demand what new emitters do not keep to any more: a member that is
//     required no longer, a limit that is wider or gone, a value more in an enum.
//
// That leaves one change that passes: a new member which may be absent, or which has
// no rule that its zero value breaks. The limits of an event are not to be changed at
// all, and so are best few: what every reader is to rely on for good. One that has to
// become wider does so in two steps: first all subscribers learn to take more, with a
// record made anew, and only then is more emitted.
//
// The record's schema lists in always, which is no keyword of JSON Schema, what is
// there in every event, and refuses has the variations that it did not take, because what
// a later build takes an earlier one has to take as well.
//
// Both functions also hold sampled values of the response or payload against its schema:
// what is published has to be what goes over the wire.
//
// A local event (bus.Local) has no record: it never leaves its process, whose emitters
// and subscribers are of one build. [Event] refuses it, so that nobody believes it to
// be compared. An action and an event of one name cannot both be recorded: the file
// would be the same.
package contracttest
