package bus

import (
	"context"
	"strings"
	"testing"
)

// The line of a log that a panic gets says first where the user's own code was, in a path
// that opens from the root, and is short, in text too: nothing is escaped in it.
func TestLogOfAPanicSaysWhereFirst(t *testing.T) {
	for name, handler := range map[string]Handler[ping, pong]{
		"panic":                   func(context.Context, ping) (pong, error) { panic("boom") },
		"panic of the runtime":    func(_ context.Context, req ping) (pong, error) { return *(*pong)(nil), nil },
		"panic of the library":    func(context.Context, ping) (pong, error) { return pong{N: len(strings.Repeat("x", -1))}, nil },
		"panic in a nested call":  func(ctx context.Context, _ ping) (pong, error) { return pong{}, descend(40) },
		"panic of what was given": func(context.Context, ping) (pong, error) { panic(strings.Repeat("x", 10)) },
	} {
		n, log := quietNode(t, Options{})
		a := echo("alpha.panic")
		a.Handle(n.View("alpha"), handler)
		if _, err := a.Call(t.Context(), n.View("beta"), ping{}); CodeOf(err) != Internal {
			t.Errorf("%s: %v", name, err)
		}
		line := log.String()
		if !strings.Contains(line, " at=bus/panic_trace_test.go:") || !strings.Contains(line, `stack="bus/panic_trace_test.go:`) && name != "panic of the library" {
			t.Errorf("%s: the place is not what comes first: %s", name, line)
		}
		if len(line) > 1500 || strings.Contains(line, `\n`) || strings.Contains(line, `\t`) {
			t.Errorf("%s: the line has %d bytes: %s", name, len(line), line)
		}
	}
}

func descend(levels int) error {
	if levels == 0 {
		panic("deep")
	}
	return descend(levels - 1)
}

// Handlers of events, and code that decides nothing, get the same line.
func TestLogOfOtherPanicsSaysWhere(t *testing.T) {
	watch := Observer{After: func(context.Context, Info, error) { panic("observed") }}
	n, log := quietNode(t, Options{Observers: []Observer{watch}})
	heard := NewEvent[ping]("alpha.heard")
	heard.Subscribe(n.View("beta"), func(context.Context, ping) error { panic("heard") })
	if err := heard.Emit(t.Context(), n.View("alpha"), ping{}); err != nil {
		t.Error(err)
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"panic=heard at=bus/panic_trace_test.go:", "panic=observed at=bus/panic_trace_test.go:"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log: %s", want, log)
		}
	}
}
