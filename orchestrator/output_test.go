package orchestrator_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// stalling is a file whose reader stops reading, until the test ends.
type stalling struct {
	output

	stalled chan struct{} // closed: the reader has stopped
	resume  chan struct{}
	once    sync.Once
}

func newStalling(t *testing.T) *stalling {
	s := &stalling{stalled: make(chan struct{}), resume: make(chan struct{})}
	t.Cleanup(func() { close(s.resume) })
	return s
}

func (s *stalling) Write(p []byte) (int, error) {
	select {
	case <-s.stalled:
		<-s.resume
	default:
	}
	return s.output.Write(p)
}

func (s *stalling) stop() { s.once.Do(func() { close(s.stalled) }) }

// logging is a service whose action writes into the process's log.
func logging() service.Definition {
	say := bus.NewAction[Text, Text]("apps.say")
	return service.Module[*fixture]("apps", func(p params) (*fixture, error) {
		say.Handle(p.Bus, func(ctx context.Context, in Text) (Text, error) {
			p.Log.InfoContext(ctx, "said", "text", strings.Repeat("x", 1<<16))
			return in, nil
		})
		return &fixture{name: "apps"}, nil
	})
}

// dropped is how many lines the metrics say are missing.
func dropped(t *testing.T, url, reason string) int {
	t.Helper()
	for line := range strings.Lines(get(t, url+"/metrics")) {
		if text, ok := strings.CutPrefix(line, `orchestrator_log_lines_dropped_total{reason="`+reason+`"} `); ok {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	return 0
}

// A log that nobody reads any more holds up no call and no stop; what it cannot take
// is counted.
func TestStalledLogHoldsNothingUp(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	r.binary.Services[0] = logging()
	stderr := newStalling(t)
	r.options.Stderr = stderr
	url := r.start()
	stderr.stop()
	for range 40 { // more than is kept
		if _, err := call(t, url, "apps.say", `{"text":"hi"}`); err != nil {
			t.Fatal(err)
		}
	}
	if n := dropped(t, url, "queue_full"); n == 0 {
		t.Error("nothing was dropped and counted")
	}
	r.signals <- syscall.SIGTERM
	select {
	case code := <-r.code:
		if code != 0 {
			t.Errorf("exit code %d, want 0", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("the stop waits for who reads the log")
	}
}

// Nor does the second signal wait, which ends the process whatever it is doing.
func TestSecondSignalNeedsNoReader(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", stop: func(context.Context) error {
		close(inside)
		<-release
		return nil
	}}))
	stderr := newStalling(t)
	r.options.Stderr = stderr
	r.start()
	stderr.stop()
	r.signals <- syscall.SIGTERM
	<-inside
	r.signals <- syscall.SIGTERM
	select {
	case code := <-r.code:
		if code != 143 {
			t.Errorf("exit code %d, want 143", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("the second signal waits for who reads the log")
	}
}

// broken is a file whose reader has gone.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// A reader that has gone costs its lines and nothing else.
func TestReaderThatHasGoneIsNoReasonToEnd(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}))
	r.options.Stderr = broken{}
	url := r.start()
	if _, err := call(t, url, "apps.echo", `{"text":"hi"}`); err != nil {
		t.Error(err)
	}
	if n := dropped(t, url, "write_failed"); n == 0 {
		t.Error("the lines that nobody took are not counted")
	}
	if code := r.stop(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

// Production has one format from the first line to the last, whatever goes wrong.
func TestProductionSaysEverythingInJSON(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		config string
		env    string
		make   func(*bus.Bus, *service.Group) error
		code   int
		says   string
	}{
		"settings":     {nil, "orchestrator: {metrics_prt: 1}", "", nil, 1, "metrics_prt"},
		"no file":      {nil, "", "CONFIG_FILE=missing.yml", nil, 1, "does not exist"},
		"not linked":   {nil, "orchestrator: {}", "ORCHESTRATOR_SERVICES=shop", nil, 1, "not linked"},
		"constructor":  {nil, "orchestrator: {}", "", func(*bus.Bus, *service.Group) error { return errDisk }, 1, "the disk is full"},
		"panic":        {nil, "orchestrator: {}", "", func(*bus.Bus, *service.Group) error { panic(errors.New("out of paper")) }, 1, "out of paper"},
		"command line": {[]string{"run", "fast"}, "", "", nil, 64, "takes no arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: c.make}), c.args...).set("NODE_ENV=production").set(c.env)
			if c.config != "" {
				r.config(c.config)
			}
			r.want(r.run(), c.code, c.says)
			for line := range strings.Lines(r.stderr.String()) {
				var record struct{ Level, Msg string }
				if err := json.Unmarshal([]byte(line), &record); err != nil || record.Level == "" || record.Msg == "" {
					t.Errorf("%q is no line of the log: %v", line, err)
				}
			}
		})
	}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set("NODE_ENV=production")
	r.binary.Manifest = []byte("{")
	r.want(r.run(), 1, `"level":"ERROR","msg":"the embedded manifest cannot be used`)
}

// A flood of requests that are refused is no flood of lines.
func TestRefusedRequestsAreLoggedByKind(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set("ADMIN_TOKEN=0123456789abcdef0123456789abcdef")
	url := r.start()
	for range 50 {
		ask(t, url+"/debug/calls", "X-Forwarded-For", "192.0.2.1")
	}
	if n := len(lines(r.stderr, "admin request refused")); n == 0 || n > 20 {
		t.Errorf("50 refused requests wrote %d lines, want at most 20", n)
	}
	if n := dropped(t, url, "suppressed"); n != 30 {
		t.Errorf("%d are counted as suppressed, want the other 30", n)
	}
	r.want(r.stop(), 0)
}
