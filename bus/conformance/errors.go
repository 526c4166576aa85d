package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

// The reasons that the contract of the oracle declares.
var (
	errMoody  = bus.NewError(bus.FailedPrecondition, "oracle.moody")
	errSilent = bus.NewError(bus.FailedPrecondition, "oracle.silent")
)

// describe is an error with everything that crosses, but for being remote, which
// has a row of its own.
func describe(err error) string {
	var e *bus.Error
	if !errors.As(err, &e) {
		return fmt.Sprintf("%v, which is a %T", err, err)
	}
	parts := []string{e.Code.String()}
	if e.Reason != "" {
		parts = append(parts, e.Reason)
	}
	parts = append(parts, fmt.Sprintf("%q", e.Message), "at", e.Action)
	if !strings.HasPrefix(e.Action, e.Service+".") {
		parts = append(parts, "of", e.Service)
	}
	if len(e.Details) > 0 {
		parts = append(parts, "details", string(e.Details))
	}
	if e.Retryable {
		parts = append(parts, "retryable")
	}
	return strings.Join(parts, " ")
}

// failing calls a handler that returns err.
func failing(err error) func(w *world) string {
	return func(w *world) string { return describe(failure(w, err)) }
}

func failure(w *world, err error) error {
	a := serve(w, "oracle.fail", func(context.Context, struct{}) (int, error) { return 7, err })
	w.start()
	v, err := a.Call(w.t.Context(), w.shop, struct{}{})
	if v != 0 {
		w.t.Errorf("the response beside an error is %d", v)
	}
	return err
}

func errorRows() []row {
	detailed := bus.Errorf(bus.NotFound, "no such order")
	detailed.Details = json.RawMessage(`{"order":"7","tries":[1,2]}`)
	broken := errMoody.Errorf("not today")
	broken.Details = json.RawMessage(`{"order":`)
	again := bus.Errorf(bus.Aborted, "lost a race")
	again.Retryable = true
	elsewhere := bus.Errorf(bus.NotFound, "no book")
	elsewhere.Service, elsewhere.Action = "library", "library.find"
	return []row{
		{name: "errors/every code crosses", run: everyCode, want: "canceled invalid_argument deadline_exceeded not_found already_exists permission_denied " +
			"unauthenticated resource_exhausted failed_precondition aborted unimplemented internal unavailable"},
		{name: "errors/declared reason", run: failing(errMoody.Errorf("not on a %s", "Monday")), want: `failed_precondition oracle.moody "not on a Monday" at oracle.fail`},
		{name: "errors/declared reason is found by errors.Is", run: foundByIs, want: "moody true, silent false"},
		{name: "errors/declared reason returned as it is", run: failing(errMoody), want: `failed_precondition oracle.moody "oracle.moody" at oracle.fail`},
		{name: "errors/declared reason wrapped in words", run: failing(fmt.Errorf("asking: %w", errMoody.Errorf("no"))), want: `failed_precondition oracle.moody "no" at oracle.fail`},
		{name: "errors/declared reason joined with another error", run: failing(errors.Join(io.EOF, errMoody.Errorf("no"))), want: `failed_precondition oracle.moody "no" at oracle.fail`},
		{name: "errors/fields of an invalid request", run: invalidFields, want: `invalid_argument "the request is not valid: a.b must be set" [{a.b required must be set}]`},
		{name: "errors/details", run: failing(detailed), want: `not_found "no such order" at oracle.fail details {"order":"7","tries":[1,2]}`},
		{name: "errors/details that are no JSON", run: failing(broken), want: `failed_precondition oracle.moody "not today" at oracle.fail`},
		{name: "errors/retryable", run: failing(again), want: `aborted "lost a race" at oracle.fail retryable`},
		{name: "errors/unavailable is retryable by itself", run: failing(bus.Errorf(bus.Unavailable, "closed")), want: `unavailable "closed" at oracle.fail retryable`},
		{name: "errors/text of several lines", run: failing(bus.Errorf(bus.Aborted, "one\r\ntwo: \"ü\" 世\x00界")), want: `aborted "one\r\ntwo: \"ü\" 世\x00界" at oracle.fail`},
		{name: "errors/an empty message", run: failing(bus.Errorf(bus.Aborted, "")), want: `aborted "" at oracle.fail`},
		{name: "errors/who answered is kept", run: failing(elsewhere), want: `not_found "no book" at library.find`},
		{name: "errors/a cause does not cross", run: causeStays, want: "internal true, EOF false, unwraps to <nil>"},
		{name: "errors/answers are remote", run: isRemote, want: "handler's false, nobody's false", differs: apart, other: "handler's true, nobody's false"},
		{name: "errors/text for a person", run: func(w *world) string { return failure(w, errMoody.Errorf("not today")).Error() },
			want: "oracle.fail failed: not today (failed_precondition)"},
		{name: "errors/of a service below", run: errorFromBelow, want: `failed_precondition oracle.moody "deep" at library.find of oracle`},
	}
}

func everyCode(w *world) string {
	a := serve(w, "oracle.fail", func(_ context.Context, c bus.Code) (struct{}, error) { return struct{}{}, bus.Errorf(c, "x") })
	w.start()
	var seen []string
	for c := bus.Code(1); int(c) < bus.NumCodes; c++ {
		_, err := a.Call(w.t.Context(), w.shop, c)
		seen = append(seen, bus.CodeOf(err).String())
	}
	return strings.Join(seen, " ")
}

func foundByIs(w *world) string {
	err := failure(w, errMoody.Errorf("no"))
	return fmt.Sprintf("moody %v, silent %v", errors.Is(err, errMoody), errors.Is(err, errSilent))
}

func invalidFields(w *world) string {
	err := failure(w, bus.Invalid(bus.FieldError{Field: "a.b", Rule: "required", Message: "must be set"}))
	var e *bus.Error
	if !errors.As(err, &e) {
		return describe(err)
	}
	return fmt.Sprintf("%s %q %v", e.Code, e.Message, e.Fields())
}

func causeStays(w *world) string {
	err := failure(w, bus.Errorf(bus.Internal, "reading: %w", io.EOF))
	return fmt.Sprintf("internal %v, EOF %v, unwraps to %v", bus.CodeOf(err) == bus.Internal, errors.Is(err, io.EOF), errors.Unwrap(err))
}

func isRemote(w *world) string {
	theirs := failure(w, errMoody.Errorf("no"))
	_, nobodys := bus.NewAction[struct{}, struct{}]("nowhere.ask").Call(w.t.Context(), w.shop, struct{}{})
	return fmt.Sprintf("handler's %v, nobody's %v", bus.IsRemote(theirs), bus.IsRemote(nobodys))
}

func errorFromBelow(w *world) string {
	find := serve(w, "library.find", func(context.Context, struct{}) (struct{}, error) { return struct{}{}, errMoody.Errorf("deep") })
	ask := serve(w, "oracle.ask", func(ctx context.Context, _ struct{}) (struct{}, error) { return find.Call(ctx, w.oracle, struct{}{}) })
	w.start()
	_, err := ask.Call(w.t.Context(), w.shop, struct{}{})
	return describe(err)
}
