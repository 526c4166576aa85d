package contracttest

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

// Action compares an action with its record in testdata, and fails the test where a
// program that was built with the recorded contract would be broken by this one. It
// also wants the action to have an example that its own rules accept.
func Action[Req, Res any](t testing.TB, a *bus.Action[Req, Res], options ...Option) {
	t.Helper()
	answer := fill[Res](options)
	info, ok := inspect(t, a, answer)
	if !ok {
		return
	}
	wire, ok := wireOf(t, a.Name(), "the response", answer)
	if !ok {
		return
	}
	answers := samplesOf[Res](options)
	agree(t, a.Name(), "the response", info.ResponseSchema, answers)
	agree(t, a.Name(), "the request", info.RequestSchema, accepted[Req](samplesOf[Req](options)))
	takes, _ := judged[Req](info.RequestSchema, info.Example)
	now := record{
		Action: a.Name(), Idempotent: info.Idempotent,
		Request:  &payload{Schema: info.RequestSchema, Wire: info.Example, Takes: takes},
		Response: &payload{Schema: info.ResponseSchema, Wire: wire},
	}
	check(t, now, func(old record) []string {
		t.Helper()
		return compareAction[Req, Res](t, old, now, answers)
	})
}

// inspect serves the action on a bus of its own, to see what the bus says of it.
func inspect[Req, Res any](t testing.TB, a *bus.Action[Req, Res], answer Res) (bus.ActionInfo, bool) {
	t.Helper()
	node := bus.NewNode(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	a.Handle(node.View(a.Service()), func(context.Context, Req) (Res, error) { return answer, nil })
	if err := node.Check(); err != nil {
		t.Errorf("%s is no contract: %v", a.Name(), err)
		return bus.ActionInfo{}, false
	}
	info := node.Actions()[0]
	if info.Example == nil {
		t.Errorf("%s has no example: give it one with Example, it is what is recorded as its request", a.Name())
		return bus.ActionInfo{}, false
	}
	_, err := node.CallJSON(t.Context(), node.View("contracttest"), a.Name(), info.Example)
	if bus.CodeOf(err) == bus.InvalidArgument {
		t.Errorf("the example of %s is refused: %v", a.Name(), err) // what changed is said as well
		return info, true
	}
	reasons := compareWire[Req]("the example", info.Example)
	for _, reason := range reasons {
		t.Errorf("%s cannot be recorded: %s", a.Name(), reason)
	}
	return info, len(reasons) == 0
}

// compareAction lists what breaks. What old and new do with values is compared where the
// schemas find nothing: it is about types that marshal themselves, and of Validate.
func compareAction[Req, Res any](t testing.TB, old, now record, answers []json.RawMessage) []string {
	t.Helper()
	if old.Request == nil || old.Response == nil {
		t.Fatalf("the record of %s has no request or no response: write it anew, %s", now.Action, bless)
	}
	breaks := append(
		compareSchemas(t, "the request", old.Request.Schema, now.Request.Schema, request),
		compareSchemas(t, "the response", old.Response.Schema, now.Response.Schema, response)...)
	if old.Idempotent && !now.Idempotent {
		breaks = append(breaks, "it is no longer declared idempotent: earlier callers ask again")
	}
	if len(breaks) > 0 {
		return breaks
	}
	breaks = append(compareWire[Req]("the request", old.Request.Wire), compareWire[Res]("the response", old.Response.Wire)...)
	breaks = append(breaks, holdAgainst(old.Response.Schema, answers, "the response")...)
	if len(breaks) > 0 {
		return breaks
	}
	return compareVerdicts[Req]("the request", old.Request, now.Request, request)
}
