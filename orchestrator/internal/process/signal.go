package process

import (
	"cmp"
	"os"
	"syscall"
)

// Exit codes of a process. One that a signal stopped while it started, and one
// that a second signal cut short, have 128 plus the signal's number: 129 for
// SIGHUP, 130 for SIGINT, 143 for SIGTERM.
const (
	ExitOK    = 0
	ExitError = 1
)

var signalNames = map[os.Signal]string{os.Interrupt: "SIGINT", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}

// signalName is the name that operators know a signal by.
func signalName(s os.Signal) string { return cmp.Or(signalNames[s], s.String()) }

// signalCode is the exit code that shells give to a process a signal ended.
func signalCode(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return ExitError
}
