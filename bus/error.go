package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// Error is the only kind of error a call returns. It is a value that could have
// come over a wire, and is the same whether it did or not: what a handler wrapped
// stays on the handler's side.
type Error struct {
	// Code says what kind of failure it is.
	Code Code `json:"code"`
	// Reason is the declared reason, qualified by the service that declares it:
	// "apps.providerNotInstalled". Empty when only the code is known.
	Reason string `json:"reason,omitempty"`
	// Service and Action name who answered so: "apps", "apps.execute".
	Service string `json:"service,omitempty"`
	Action  string `json:"action,omitempty"`
	// Message is one sentence for a person, without secrets.
	Message string `json:"message"`
	// Details is machine-readable: for InvalidArgument a list of FieldError,
	// otherwise what the contract says.
	Details json.RawMessage `json:"details,omitempty"`
	// Retryable says that the same call may succeed a little later and that
	// trying again does no harm.
	Retryable bool `json:"retryable,omitempty"`
	// Retried says that a Retry has tried the call as often as it may. Another one
	// further up does not try again; an error that wraps this one keeps it.
	Retried bool `json:"retried,omitempty"`

	cause  error // for the log of the side that failed; never crosses
	remote bool
	unsent bool // the call did not get as far as its handler; of the bus alone
}

// FieldError is one thing that is wrong with a request.
type FieldError struct {
	Field   string `json:"field"`          // path in JSON terms: "lines[2].quantity"
	Rule    string `json:"rule,omitempty"` // the rule that was broken: "minimum"
	Message string `json:"message"`        // one sentence
}

// Error is a sentence with the action, the code and the message. A nil *Error that
// somebody returned as an error is a mistake, and says so; its other methods know it too.
func (e *Error) Error() string {
	switch {
	case e == nil:
		return "a nil *bus.Error was returned as an error: return nil itself"
	case e.Action == "":
		return fmt.Sprintf("%s (%s)", e.Message, e.Code)
	case strings.Contains(e.Message, e.Action):
		return fmt.Sprintf("%s (%s)", e.Message, e.Code)
	default:
		return fmt.Sprintf("%s failed: %s (%s)", e.Action, e.Message, e.Code)
	}
}

// Unwrap is the error that Errorf wrapped with %w. It is there only until the
// error leaves its handler.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}

// Is makes errors.Is work on both sides of a call: with a declared reason, and
// with context.DeadlineExceeded and context.Canceled.
func (e *Error) Is(target error) bool {
	if e == nil {
		return false
	}
	switch target {
	case context.DeadlineExceeded:
		return e.Code == DeadlineExceeded
	case context.Canceled:
		return e.Code == Canceled
	}
	d, ok := target.(*Declared)
	return ok && e.Reason != "" && e.Reason == d.reason
}

// clone is a copy that shares nothing with e that somebody may change.
func (e *Error) clone() *Error {
	other := *e
	other.Details = bytes.Clone(e.Details)
	return &other
}

// Fields is the list an Invalid error carries, nil for any other.
func (e *Error) Fields() []FieldError {
	if e == nil || e.Code != InvalidArgument || len(e.Details) == 0 {
		return nil
	}
	var fields []FieldError
	if json.Unmarshal(e.Details, &fields) != nil {
		return nil
	}
	return fields
}

// Errorf makes an error that has a code and no declared reason. The format may
// wrap a cause with %w: it stays on the callee's side, but for its text in the message.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Retryable: code == Unavailable, Retried: retriedIn(err), cause: causeIn(err)}
}

// retriedIn reports whether err wraps one that was tried often enough.
func retriedIn(err error) bool {
	var below *Error
	return errors.As(err, &below) && below != nil && below.Retried
}

// causeIn is err itself if it wraps anything.
func causeIn(err error) error {
	switch err.(type) { //nolint:errorlint // the error itself, whether it wraps any
	case interface{ Unwrap() error }, interface{ Unwrap() []error }:
		return err
	}
	return nil
}

// Invalid makes an InvalidArgument error that lists what is wrong, field by field.
func Invalid(fields ...FieldError) *Error {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = strings.TrimSpace(f.Field + " " + f.Message)
	}
	details, err := json.Marshal(fields)
	if err != nil { // unreachable: three strings always marshal
		details = nil
	}
	return &Error{
		Code:    InvalidArgument,
		Message: "the request is not valid: " + strings.Join(parts, "; "),
		Details: details,
	}
}

// ErrOutcomeUnknown is the reason of an Unavailable error when the connection to
// another process was lost after a request or an event had gone out: it may have got
// there. It is not Retryable, because trying again may do a thing twice; Retry tries
// again, because it is for actions that may be done twice.
var ErrOutcomeUnknown = NewError(Unavailable, "bus.outcomeUnknown")

// CodeOf is the code of any error: OK for nil, Canceled and DeadlineExceeded for
// the errors of package context, the code of an Error or of a declared reason,
// and Internal for everything else.
func CodeOf(err error) Code {
	if err == nil {
		return OK
	}
	var e *Error
	if errors.As(err, &e) && e != nil {
		return e.Code
	}
	var d *Declared
	switch {
	case errors.As(err, &d) && d != nil:
		return d.code
	case errors.Is(err, context.DeadlineExceeded):
		return DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return Canceled
	}
	return Internal
}

// IsRemote reports whether err was answered by another process.
func IsRemote(err error) bool {
	var e *Error
	return errors.As(err, &e) && e != nil && e.remote
}

// ParseError reads the JSON of an Error that another process wrote, for who carries
// errors between processes: IsRemote is true of it. The error says that it is none.
func ParseError(body []byte) (*Error, error) {
	var e Error
	if _, err := codec.Lenient(body, &e); err != nil {
		return nil, err
	}
	if e.Code == OK {
		return nil, errors.New("an error needs a code")
	}
	return Remote(&e), nil
}

// Remote is err as the answer of another process: IsRemote is true of it. It is
// for who carries errors between processes.
func Remote(err *Error) *Error {
	there := *err
	there.remote, there.unsent, there.cause = true, false, nil
	return &there
}
