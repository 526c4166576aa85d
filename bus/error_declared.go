package bus

import (
	"fmt"
	"strings"
)

// Declared is a reason that a contract declares in its errors.go, so that callers
// can tell it apart with errors.Is whether the call was local or not.
type Declared struct {
	code   Code
	reason string
}

// NewError declares a reason, qualified by the service like the name of an
// action: NewError(NotFound, "apps.providerNotInstalled").
func NewError(code Code, reason string) *Declared {
	return &Declared{code: code, reason: reason}
}

// Code is the code every error of this reason has.
func (d *Declared) Code() Code { return d.code }

// Reason is the reason as declared: "apps.providerNotInstalled".
func (d *Declared) Reason() string { return d.reason }

// Error makes a Declared usable as the target of errors.Is. A handler may return
// one as it is, but an Errorf tells the caller more.
func (d *Declared) Error() string {
	if d == nil {
		return "a nil *bus.Declared was returned as an error: return nil itself"
	}
	return fmt.Sprintf("%s (%s)", d.reason, d.code)
}

// Errorf makes an error of this reason. The format may wrap a cause with %w: the cause
// stays on the callee's side, for errors.Is and its log, but its text is a part of the
// message that callers get. What callers must not see does not belong there.
func (d *Declared) Errorf(format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	service, _, _ := strings.Cut(d.reason, ".")
	return &Error{
		Code: d.code, Reason: d.reason, Service: service, Message: err.Error(),
		Retryable: d.code == Unavailable, Retried: retriedIn(err), cause: causeIn(err),
	}
}
