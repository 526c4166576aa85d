package e2e

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

const (
	fixtureDev       = "e2e/fixtures/orchestrator/cmd/dev"
	fixtureFailing   = "e2e/fixtures/orchestrator/cmd/failing"
	fixturePanicking = "e2e/fixtures/orchestrator/cmd/panicking"
)

// selection is the config.yml the fixtures were generated from, with settings
// for their services.
func selection(settings string) string {
	return `orchestrator:
  services: [slow]
  transports: [memory]
  variants:
    failing: {services: [slow, failing], transports: [memory]}
    panicking: {services: [slow, panicking], transports: [memory]}
    hearing: {services: [slow, hearing], transports: [memory]}
` + settings
}

type answer struct {
	status int
	body   string
	err    error
}

func (p *process) callAsync(action string, request any) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		status, body, err := p.call(action, request)
		answers <- answer{status, string(body), err}
	}()
	return answers
}

// Proves: R7, R8 (SIGTERM during a slow call lets it finish; exit 0; each stop
// hook once).
func TestSIGTERMLetsASlowCallFinish(t *testing.T) {
	for _, action := range []string{"slow.wait", "slow.nap"} {
		t.Run(action, func(t *testing.T) {
			p := start(t, binary(t, fixtureDev), selection("")).ready()
			answers := p.callAsync(action, map[string]int{"milliseconds": 700})
			if action == "slow.wait" {
				p.await("slow is waiting")
			} else {
				waitInFlight(t, p, action)
			}
			p.signal(syscall.SIGTERM)
			a := <-answers
			if a.err != nil || a.status != http.StatusOK || !strings.Contains(a.body, "700") {
				t.Errorf("the call in flight ended with %d %q %v", a.status, a.body, a.err)
			}
			if code := p.exit(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			if n := strings.Count(p.lines.text(), "slow is stopping"); n != 1 {
				t.Errorf("Stop was called %d times, want once", n)
			}
		})
	}
}

func waitInFlight(t *testing.T, p *process, action string) {
	t.Helper()
	for t.Context().Err() == nil {
		if _, body := p.get("/debug/calls"); strings.Contains(body, action) {
			return
		}
	}
}

// Proves: R12 (a second signal ends the process immediately).
func TestSecondSignalEndsAtOnce(t *testing.T) {
	p := start(t, binary(t, fixtureDev), selection("")).ready()
	answers := p.callAsync("slow.wait", map[string]int{"milliseconds": 60_000})
	p.await("slow is waiting")
	p.signal(syscall.SIGTERM)
	p.await("stopping", "draining")
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d, want %d", code, 128+int(syscall.SIGTERM))
	}
	if a := <-answers; a.err == nil && a.status == http.StatusOK {
		t.Errorf("a call of a minute ended well: %s", a.body)
	}
}

// Proves: R2, R3 (fail fast with the service's name; those already started are
// stopped; nothing left listening).
func TestAServiceThatFails(t *testing.T) {
	for at, want := range map[string]string{
		"construct":   "opening the store: the disk is full",
		"start":       "the disk is full",
		"panic-start": "the disk is on fire",
	} {
		t.Run(at, func(t *testing.T) {
			port := freePort(t)
			p := start(t, binary(t, fixtureFailing), selection("services:\n  failing: {at: "+at+"}\n"), fmt.Sprint("METRICS_PORT=", port))
			if code := p.exit(); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			text := p.lines.text()
			if !strings.Contains(text, "failing") || !strings.Contains(text, want) {
				t.Errorf("the output does not name the service and %q:\n%s", want, text)
			}
			if started := at != "construct"; started != strings.Contains(text, "slow is stopping") {
				t.Errorf("slow stopped: %v, want %v\n%s", !started, started, text)
			}
			if c, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
				c.Close()
				t.Error("something still listens")
			}
		})
	}
}

// Proves: R10 (an error in one stop does not keep the others from stopping;
// the exit code is not 0).
func TestAStopThatFails(t *testing.T) {
	for _, at := range []string{"stop", "panic-stop"} {
		t.Run(at, func(t *testing.T) {
			p := start(t, binary(t, fixtureFailing), selection("services:\n  failing: {at: "+at+"}\n")).ready()
			p.signal(syscall.SIGINT)
			if code := p.exit(); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			if text := p.lines.text(); !strings.Contains(text, "slow is stopping") {
				t.Errorf("slow was not stopped:\n%s", text)
			}
		})
	}
}

// Proves: R11 (a panic in a handler is that call's error; a panic elsewhere
// ends the process gracefully with exit 1).
func TestPanics(t *testing.T) {
	p := start(t, binary(t, fixturePanicking), selection("")).ready()
	status, body, err := p.call("panicking.handle", struct{}{})
	if err != nil || status != http.StatusInternalServerError || strings.Contains(string(body), "secret") {
		t.Errorf("a panic in a handler answered %d %s %v", status, body, err)
	}
	if status, body, err := p.call("slow.wait", map[string]int{"milliseconds": 1}); err != nil || status != http.StatusOK {
		t.Errorf("its sibling answered %d %s %v", status, body, err)
	}
	if _, metrics := p.get("/metrics"); !strings.Contains(metrics, `bus_panics_total{action="panicking.handle"`) &&
		!strings.Contains(metrics, `bus_panics_total{action="handle"`) {
		t.Error("the panic is not in the metrics")
	}
	if _, _, err := p.call("panicking.background", struct{}{}); err != nil {
		t.Errorf("starting the background panic: %v", err)
	}
	if code := p.exit(); code != 1 {
		t.Errorf("exit code %d after a panic in the background, want 1", code)
	}
	text := p.lines.text()
	for _, want := range []string{"boom in the background", "panicking is stopping", "slow is stopping"} {
		if !strings.Contains(text, want) {
			t.Errorf("the output lacks %q:\n%s", want, text)
		}
	}
}

// Proves: R3 (SIGTERM while services start rolls back what has started).
func TestSignalDuringStart(t *testing.T) {
	p := start(t, binary(t, fixtureFailing), selection("services:\n  slow: {start_delay: 20s}\n"))
	p.await("slow is starting")
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d, want %d", code, 128+int(syscall.SIGTERM))
	}
}

// Proves: R13 (a busy port is named, with its setting).
func TestBusyPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	p := start(t, binary(t, fixtureDev), selection(""), fmt.Sprint("METRICS_PORT=", port))
	if code := p.exit(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	text := p.lines.text()
	for _, want := range []string{fmt.Sprint(port), "metrics_port", "METRICS_PORT"} {
		if !strings.Contains(text, want) {
			t.Errorf("the message lacks %q:\n%s", want, text)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
