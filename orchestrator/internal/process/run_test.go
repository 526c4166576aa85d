package process

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
)

// waiting is a life that ends by itself when ended gets a code.
func waiting(text *bytes.Buffer, within time.Duration) *life {
	l := &life{early: Reporter{to: text}}
	l.within.Store(int64(within))
	l.stop, l.interrupt = context.WithCancelCause(context.Background())
	return l
}

// A stop that hangs where nothing bounds it ends when all of it may have ended.
func TestStopThatHangsIsEnded(t *testing.T) {
	for name, ask := range map[string]func(l *life, signals chan<- os.Signal, cancel func()){
		"signal":  func(_ *life, signals chan<- os.Signal, _ func()) { signals <- syscall.SIGTERM },
		"context": func(_ *life, _ chan<- os.Signal, cancel func()) { cancel() },
		"failure": func(l *life, _ chan<- os.Signal, _ func()) { l.interrupt(errors.New("a service failed")) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var text bytes.Buffer
				l, signals := waiting(&text, 40*time.Second), make(chan os.Signal, 1)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				begun := time.Now()
				ask(l, signals, cancel)
				code, patience := l.watch(ctx, signals, nil)
				if took := time.Since(begun) + patience; code != ExitError || took != 40*time.Second || !strings.Contains(text.String(), "40s") {
					t.Errorf("code %d after %s:\n%s", code, took, &text)
				}
			})
		})
	}
}

// A signal during a stop that a failure began is the first one: it cuts nothing short.
func TestFirstSignalDuringAStop(t *testing.T) {
	var text bytes.Buffer
	l, signals, ended := waiting(&text, time.Minute), make(chan os.Signal), make(chan int)
	l.interrupt(errors.New("a service failed"))
	go func() {
		signals <- syscall.SIGINT
		ended <- ExitError
	}()
	if code, _ := l.watch(t.Context(), signals, ended); code != ExitError {
		t.Errorf("code %d", code)
	}
}

// What panics while the plan is made is an error like another.
func TestUntil(t *testing.T) {
	_, err := until(t.Context(), func() (int, error) { panic("out of paper") })
	if _, ok := errors.AsType[*lifecycle.PanicError](err); !ok {
		t.Errorf("error %v", err)
	}
	if got, err := until(t.Context(), func() (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
}

// A stop that is asked for while the process begins to listen is the cause of the end, not
// what it did to looking an address up.
func TestStopWhileListening(t *testing.T) {
	l := waiting(&bytes.Buffer{}, time.Minute)
	l.Program = &Program{}
	l.interrupt(signalled{syscall.SIGTERM})
	p := &process{life: l, node: membus.New(bus.Options{}), machinery: slog.New(slog.DiscardHandler)}
	p.plan.settings.AdminAddress = "localhost"
	err := p.start()
	if by, ok := errors.AsType[signalled](err); !ok || by.Signal != syscall.SIGTERM {
		t.Errorf("error %v", err)
	}
	p.log = p.machinery
	p.closeAdmin()
}
