package orchestrator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// waitsFor is what /readyz says the process waits for; empty when it is ready.
func waitsFor(t *testing.T, url string) string {
	t.Helper()
	ready, err := client.Ready(t.Context(), url, client.Options{})
	if err != nil || ready.Ready != (len(ready.WaitingFor) == 0) {
		t.Errorf("%+v, %v", ready, err)
	}
	return strings.Join(ready.WaitingFor, "; ")
}

// Who is not ready says what for: services by their state, the transport, the stop.
func TestReadinessNamesWhatItWaitsFor(t *testing.T) {
	w := &wire{journal: &journal{}}
	r := newWireRig(t, w).set("ORCHESTRATOR_TRANSPORTER=nats://ann:hunter2@127.0.0.1:4223")
	var starting, stopping string
	url := ""
	r.binary = binary(t, "dev",
		&fixture{name: "apps"}, &fixture{name: "orders", start: func(context.Context) error {
			starting = waitsFor(t, adminOf(t, r))
			return nil
		}, stop: func(context.Context) error {
			stopping = waitsFor(t, url)
			return nil
		}}, &fixture{name: "payments"}, &fixture{name: "pricing"})
	r.binary.Transports = append(r.binary.Transports, w.transporter())
	r.set("METRICS_PORT=" + freePort(t))
	url = r.start()
	if starting != "payments, pricing (New); orders (Starting)" {
		t.Errorf("while it starts: %q", starting)
	}
	if got := waitsFor(t, url); got != "" {
		t.Errorf("when it is ready: %q", got)
	}
	w.away.Store(true)
	if got := waitsFor(t, url); got != "the transport nats://[REDACTED]@127.0.0.1:4223, which is not connected" {
		t.Errorf("without the transport: %q", got)
	}
	w.away.Store(false)
	r.want(r.stop(), 0)
	if stopping != "the end of the stop (received SIGTERM); orders (Stopping); payments, pricing (Terminated)" {
		t.Errorf("while it stops: %q", stopping)
	}
}

// adminOf is the URL of a process that has not announced it yet.
func adminOf(t *testing.T, r *rig) string {
	t.Helper()
	return "http://127.0.0.1:" + r.env["METRICS_PORT"]
}

// A stop that takes its time says what it waits for.
func TestDrainNamesWhatItWaitsFor(t *testing.T) {
	hold, inside, release := bus.NewAction[Text, Text]("apps.hold"), make(chan struct{}), make(chan struct{})
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: func(b *bus.Bus, _ *service.Group) error {
		hold.Handle(b, func(context.Context, Text) (Text, error) {
			close(inside)
			<-release
			return Text{}, nil
		})
		return nil
	}}))
	url := r.start()
	called := make(chan error, 1)
	go func() {
		_, err := client.Call(context.WithoutCancel(t.Context()), url, "apps.hold", []byte(`{}`), client.Options{RequestID: "r-4"})
		called <- err
	}()
	<-inside
	stopped := make(chan int, 1)
	go func() { stopped <- r.stop() }()
	until(t, "a line about the call", func() bool { return len(lines(r.stderr, "waiting for a call to end")) > 0 })
	close(release)
	r.want(<-stopped, 0, "action=apps.hold caller=admin request_id=r-4")
	if err := <-called; err != nil {
		t.Error(err)
	}
}
