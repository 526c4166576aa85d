package bus

import (
	"fmt"
	"log/slog"
	"path"
	"runtime"
	"strings"
)

// PanicTrace is where a panic happened, short enough for a line of a log.
type PanicTrace struct {
	// At is the innermost line that is of neither the bus nor the standard library,
	// "services/x/file.go:31"; empty when there is none.
	At string
	// Stack are lines "services/x/file.go:31 in x.function", the innermost first, at
	// most 12. Outside of At those of the bus and the standard library are left out.
	Stack []string
}

const (
	maxTrace   = 12  // lines of a PanicTrace
	maxScanned = 128 // frames that are looked at
)

// TracePanic is for the deferred function that has recovered a panic, and of which it is
// called directly or through others.
func TracePanic() PanicTrace {
	var pcs [maxScanned]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	var t PanicTrace
	panicked := false
	for more := true; more && len(t.Stack) < maxTrace; {
		var f runtime.Frame
		f, more = frames.Next()
		switch at := position(f.File, f.Line); {
		case f.Function == "runtime.gopanic" && !panicked:
			panicked = true
		case !panicked || strings.HasPrefix(f.Function, "runtime."):
		case t.At == "" || isUsers(f):
			t.Stack = append(t.Stack, at+" in "+path.Base(f.Function))
			if t.At == "" && isUsers(f) {
				t.At = at
			}
		}
	}
	return t
}

// isUsers reports whether a frame is of neither the bus nor the standard library, whose
// packages have no dot before their first slash.
func isUsers(f runtime.Frame) bool {
	first, _, below := strings.Cut(f.Function, "/")
	if !below || !strings.Contains(first, ".") {
		return strings.HasPrefix(f.Function, "main.")
	}
	dir := path.Dir(strings.TrimPrefix(f.File, root))
	ours := dir == "bus" || dir == "bus/natsbus" || strings.HasPrefix(dir, "bus/internal/")
	return !ours || strings.HasSuffix(f.File, "_test.go")
}

// Attrs are the attributes of a log line, at and stack: what is looked for comes first.
func (t PanicTrace) Attrs() []slog.Attr {
	return []slog.Attr{slog.String("at", t.At), slog.String("stack", strings.Join(t.Stack, "; "))}
}

// crash is Attrs of a panic that was just recovered, and what was given to it.
func crash(cause any) []slog.Attr {
	return append([]slog.Attr{slog.String("panic", fmt.Sprint(cause))}, TracePanic().Attrs()...)
}
