package bus

import "fmt"

// Code says what kind of outcome a call had. The set is closed: every error a
// caller sees has one of these codes, whatever the transport was.
type Code uint8

const (
	// OK is the code of a call without error.
	OK Code = iota
	// Canceled means the caller gave up before the answer came.
	Canceled
	// InvalidArgument means the request is wrong whatever the state of the system is.
	InvalidArgument
	// DeadlineExceeded means the answer did not come in time; the work may have been done.
	DeadlineExceeded
	// NotFound means the thing asked for does not exist.
	NotFound
	// AlreadyExists means the thing to be made exists.
	AlreadyExists
	// PermissionDenied means the caller is known and may not do this.
	PermissionDenied
	// Unauthenticated means the caller did not say, or could not prove, who it is.
	Unauthenticated
	// ResourceExhausted means a quota, a queue or a size limit was hit.
	ResourceExhausted
	// FailedPrecondition means the system is not in the state the request needs.
	FailedPrecondition
	// Aborted means the call lost a race with another one and may be tried again from its beginning.
	Aborted
	// Unimplemented means the service is there but does not have the action.
	Unimplemented
	// Internal means the callee is broken: a panic, or an error it did not declare.
	Internal
	// Unavailable means nobody serves the action at present; nothing was done unless the text says otherwise.
	Unavailable
)

// NumCodes is how many codes there are, OK included.
const NumCodes = int(Unavailable) + 1

// codeTable holds, per code, its written form and its HTTP status. The numbers are
// net/http's, which is not imported for them: a bus in memory links no network.
var codeTable = [NumCodes]struct {
	text   string
	status int
}{
	OK:                 {"ok", 200},
	Canceled:           {"canceled", 499},
	InvalidArgument:    {"invalid_argument", 422},
	DeadlineExceeded:   {"deadline_exceeded", 504},
	NotFound:           {"not_found", 404},
	AlreadyExists:      {"already_exists", 409},
	PermissionDenied:   {"permission_denied", 403},
	Unauthenticated:    {"unauthenticated", 401},
	ResourceExhausted:  {"resource_exhausted", 429},
	FailedPrecondition: {"failed_precondition", 409},
	Aborted:            {"aborted", 409},
	Unimplemented:      {"unimplemented", 404},
	Internal:           {"internal", 500},
	Unavailable:        {"unavailable", 503},
}

// String is the code in snake case, as it stands in logs, metrics and JSON:
// "deadline_exceeded".
func (c Code) String() string {
	if int(c) >= NumCodes {
		return fmt.Sprintf("code_%d", uint8(c))
	}
	return codeTable[c].text
}

// HTTPStatus is the status an HTTP front end answers with for c. A code that is
// not one of ours is 500.
func (c Code) HTTPStatus() int {
	if int(c) >= NumCodes {
		return 500
	}
	return codeTable[c].status
}

// MarshalText writes the code as String does.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText wrote. A code this program does not know
// (a newer peer's) becomes Internal.
func (c *Code) UnmarshalText(text []byte) error {
	for i := range codeTable {
		if codeTable[i].text == string(text) {
			*c = Code(i)
			return nil
		}
	}
	*c = Internal
	return nil
}
