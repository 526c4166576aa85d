package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

var errNotInstalled = NewError(NotFound, "beta.notInstalled")

// fails calls an action whose handler returns err.
func fails(t *testing.T, err error) (error, *records) {
	t.Helper()
	n, log := quietNode(t, Options{})
	a := echo("beta.fail")
	a.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{1}, err })
	res, got := a.Call(t.Context(), n.View("alpha"), ping{})
	if res != (pong{}) {
		t.Errorf("a failed call returned %v", res)
	}
	return got, log
}

// Proves: B9
func TestDeclaredErrorsCrossAsTheyAre(t *testing.T) {
	declared := errNotInstalled.Errorf("provider %s is not installed", "p1")
	declared.Details = json.RawMessage(`{"provider":"p1"}`)
	for name, err := range map[string]error{"as it is": declared, "wrapped": fmt.Errorf("while executing: %w", declared)} {
		got, log := fails(t, err)
		var e *Error
		if !errors.As(got, &e) {
			t.Fatalf("%s: got %T", name, got)
		}
		want := Error{Code: NotFound, Reason: "beta.notInstalled", Service: "beta", Action: "beta.fail",
			Message: "provider p1 is not installed", Details: declared.Details}
		if fmt.Sprint(*e) != fmt.Sprint(want) || !errors.Is(got, errNotInstalled) || CodeOf(got) != NotFound || IsRemote(got) {
			t.Errorf("%s: got %+v, want %+v", name, *e, want)
		}
		if text := got.Error(); text != "beta.fail failed: provider p1 is not installed (not_found)" {
			t.Errorf("%s: it reads %q", name, text)
		}
		if log.String() != "" {
			t.Errorf("%s: a declared error was logged: %s", name, log)
		}
	}
	if declared.Action != "" {
		t.Error("the handler's own value was changed")
	}
}

func TestReasonAloneCrosses(t *testing.T) {
	got, _ := fails(t, errNotInstalled)
	if !errors.Is(got, errNotInstalled) || CodeOf(got) != NotFound {
		t.Errorf("got %v", got)
	}
	if errors.Is(got, NewError(NotFound, "beta.other")) || errors.Is(Errorf(NotFound, "x"), NewError(NotFound, "")) {
		t.Error("two reasons are taken for one")
	}
}

// Proves: B9
func TestUndeclaredErrorsBecomeInternalAndStayHere(t *testing.T) {
	got, log := fails(t, fmt.Errorf("password=hunter2: %w", io.ErrUnexpectedEOF))
	var e *Error
	if !errors.As(got, &e) || e.Code != Internal || e.Message != "internal error in beta.fail" {
		t.Errorf("got %v", got)
	}
	if errors.Is(got, io.ErrUnexpectedEOF) || strings.Contains(got.Error(), "hunter2") {
		t.Errorf("the cause crossed: %v", got)
	}
	for _, want := range []string{"hunter2", "beta.fail", "caller=alpha", "request_id="} {
		if strings.Count(log.String(), want) == 0 {
			t.Errorf("%q is not in the log: %s", want, log)
		}
	}
}

func TestCauseOfADeclaredErrorStaysHere(t *testing.T) {
	inside := Errorf(Aborted, "lost a race: %w", io.EOF)
	if !errors.Is(inside, io.EOF) {
		t.Error("inside the handler the cause is not there")
	}
	got, _ := fails(t, inside)
	if errors.Is(got, io.EOF) || CodeOf(got) != Aborted {
		t.Errorf("got %v", got)
	}
}

func TestNestedErrorsPassUnchanged(t *testing.T) {
	n, log := quietNode(t, Options{})
	inner, outer := echo("beta.inner"), echo("alpha.outer")
	var first error
	inner.Handle(n.View("beta"), func(context.Context, ping) (pong, error) { return pong{}, io.EOF })
	outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		_, first = inner.Call(ctx, n.View("alpha"), req)
		return pong{}, first
	})
	_, got := outer.Call(t.Context(), n.View("test"), ping{})
	if !reflect.DeepEqual(got, first) || got == first || !strings.Contains(got.Error(), "beta.inner") {
		t.Errorf("got %#v, want a copy of %#v", got, first)
	}
	if strings.Count(log.String(), "level=ERROR") != 1 {
		t.Errorf("the cause is not logged once: %s", log)
	}
}

func TestErrorsOfContextsKeepTheirCode(t *testing.T) {
	for want, err := range map[Code]error{
		Canceled:         fmt.Errorf("query: %w", context.Canceled),
		DeadlineExceeded: fmt.Errorf("query: %w", context.DeadlineExceeded),
	} {
		if got, _ := fails(t, err); CodeOf(got) != want || CodeOf(err) != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

func TestErrorsWithoutAUsableCodeAreInternal(t *testing.T) {
	for _, code := range []Code{OK, Code(NumCodes), 255} {
		if got, _ := fails(t, &Error{Code: code, Message: "odd"}); CodeOf(got) != Internal {
			t.Errorf("code %s: got %v", code, got)
		}
	}
	if got, _ := fails(t, (*Error)(nil)); CodeOf(got) != Internal {
		t.Errorf("a nil *Error: got %v", got)
	}
}

func TestInvalidListsFields(t *testing.T) {
	got, _ := fails(t, Invalid(FieldError{"code", "required", "is missing"}, FieldError{"lines[1].quantity", "minimum", "is below 1"}))
	var e *Error
	if !errors.As(got, &e) || e.Code != InvalidArgument || len(e.Fields()) != 2 || e.Fields()[1].Rule != "minimum" {
		t.Fatalf("got %+v", got)
	}
	if want := "code is missing; lines[1].quantity is below 1"; !strings.Contains(got.Error(), want) {
		t.Errorf("%q does not say %q", got, want)
	}
}

func TestErrorInJSON(t *testing.T) {
	in := Errorf(Unavailable, "not now: %w", io.EOF)
	in.Service, in.Action = "beta", "beta.fail"
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"code":"unavailable","service":"beta","action":"beta.fail","message":"not now: EOF","retryable":true}`
	if string(data) != want {
		t.Errorf("got %s", data)
	}
	var out Error
	if err := json.Unmarshal(data, &out); err != nil || out.Code != Unavailable || !out.Retryable {
		t.Errorf("read %+v, %v", out, err)
	}
}

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for c := OK; int(c) < NumCodes; c++ {
		text, err := c.MarshalText()
		var back Code
		if err != nil || back.UnmarshalText(text) != nil || back != c || seen[c.String()] || c.HTTPStatus() < 200 {
			t.Errorf("code %d: %s, %v, %v, %d", c, text, err, back, c.HTTPStatus())
		}
		seen[c.String()] = true
	}
	var newer Code
	if err := newer.UnmarshalText([]byte("from_the_future")); err != nil || newer != Internal {
		t.Errorf("an unknown code is %s, %v", newer, err)
	}
	if Code(99).String() != "code_99" || Code(99).HTTPStatus() != 500 || CodeOf(nil) != OK || CodeOf(io.EOF) != Internal {
		t.Error("codes out of range or of foreign errors")
	}
}

// What another process wrote is an error of ours only if it says so.
func TestParseError(t *testing.T) {
	e, err := ParseError([]byte(`{"code":"not_found","reason":"beta.notInstalled","message":"gone","details":[1]}`))
	if err != nil || e.Code != NotFound || !errors.Is(e, errNotInstalled) || string(e.Details) != "[1]" {
		t.Errorf("got %+v, %v", e, err)
	}
	for _, body := range []string{``, `null`, `{}`, `{"message":"x"}`, `{"code":1}`, `"text"`, strings.Repeat("[", 2000)} {
		if e, err := ParseError([]byte(body)); err == nil {
			t.Errorf("%.20s is %+v", body, e)
		}
	}
}
