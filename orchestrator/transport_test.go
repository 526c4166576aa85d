package orchestrator_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

// wire is a transport that writes into the journal and fails where it is told.
type wire struct {
	*journal
	start, serve      error
	hang              chan struct{}
	away              atomic.Bool
	opened, namespace string
}

func (w *wire) transporter() bus.Transporter {
	return bus.Transporter{Name: "nats", Open: func(s bus.TransportSettings) (bus.Transport, error) {
		w.opened, w.namespace = s.Address, s.Namespace
		return w, nil
	}}
}

func (w *wire) Name() string { return "nats" }

func (w *wire) Start(ctx context.Context, _ *bus.Node) error {
	w.add("connect")
	if w.hang != nil {
		close(w.hang)
		<-ctx.Done()
		return ctx.Err()
	}
	return w.start
}

func (w *wire) Serve(services ...string) error {
	for _, service := range services {
		w.add("serve " + service)
	}
	return w.serve
}

func (w *wire) Events() bus.Carrier { return nil }

func (w *wire) Request(context.Context, bus.Message) ([]byte, error) { return nil, bus.ErrNobody }

func (w *wire) Connected() bool { return !w.away.Load() }

func (w *wire) Peers() []bus.Peer { return nil }

func (w *wire) Drain(context.Context) error { w.add("drain"); return nil }

func (w *wire) Close(context.Context) error { w.add("disconnect"); return nil }

func newWireRig(t *testing.T, w *wire) *rig {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: w.journal, make: handle})).
		set("ORCHESTRATOR_TRANSPORTER=nats://127.0.0.1:4223")
	r.binary.Transports = append(r.binary.Transports, w.transporter())
	return r
}

// The order of a life with a transport: connected before services start, drained
// before they stop, disconnected after.
func TestTransportIsThereForTheServices(t *testing.T) {
	w := &wire{journal: &journal{}}
	r := newWireRig(t, w)
	r.start()
	r.want(r.stop(), 0)
	w.want(t, "connect", "start apps", "serve apps", "drain", "stop apps", "disconnect")
	if w.opened != "nats://127.0.0.1:4223" || w.namespace != "platform" {
		t.Errorf("opened %q in %q", w.opened, w.namespace)
	}
	r.says(r.stdout, "nats://127.0.0.1:4223, namespace platform")
}

func TestTransportThatCannotStart(t *testing.T) {
	w := &wire{journal: &journal{}, start: errDisk}
	r := newWireRig(t, w)
	r.want(r.run(), 1, "the transport nats://127.0.0.1:4223 could not be started: the disk is full")
	w.want(t, "connect", "disconnect")
}

// A service that started and cannot be reached is stopped again.
func TestServiceThatCannotBeServed(t *testing.T) {
	w := &wire{journal: &journal{}, serve: errDisk}
	r := newWireRig(t, w)
	r.want(r.run(), 1, `service "apps" failed to start: it started but could not be opened for calls: the disk is full`)
	w.want(t, "connect", "start apps", "serve apps", "stop apps", "disconnect")
}

// Proves: R-03 (while it connects): the start is called off, with the signal's code.
func TestSignalWhileTheTransportConnects(t *testing.T) {
	w := &wire{journal: &journal{}, hang: make(chan struct{})}
	r := newWireRig(t, w)
	r.begin()
	<-w.hang
	r.signals <- syscall.SIGTERM
	r.want(<-r.code, 143, "the start was called off: received SIGTERM")
	w.want(t, "connect", "disconnect")
}

// In production a failed start is a line of the log.
func TestFailureInProductionIsALogLine(t *testing.T) {
	w := &wire{journal: &journal{}, start: errDisk}
	r := newWireRig(t, w).set("NODE_ENV=production", "ORCHESTRATOR_REQUIRE_CONFIG=false")
	r.want(r.run(), 1)
	told := lines(r.stderr, "the start failed")
	var record map[string]string
	if len(told) != 1 || json.Unmarshal([]byte(told[0]), &record) != nil || record["level"] != "ERROR" || !strings.Contains(record["error"], "the disk is full") {
		t.Errorf("told %q", r.stderr)
	}
}

// limits are the settings of a transport.
type limits struct {
	Port int `yaml:"port"`
}

func (l limits) Validate() error {
	if l.Port < 0 {
		return errors.New("port cannot be negative")
	}
	return nil
}

// Mistakes in a transport's section are told with all others and with their position,
// also when this run stays in memory.
func TestSectionsOfTransportsAreCheckedWithTheRest(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check")
	r.binary.Transports = append(r.binary.Transports, bus.Transporter{Name: "nats", Open: func(s bus.TransportSettings) (bus.Transport, error) {
		return &wire{journal: &journal{}}, s.Decode(&limits{})
	}})
	r.config("orchestrator:\n  services: [apps]\n  transports: [memory, nats]\n  nats: {port: -1, prot: 2}\n  node_id: a.b\n")
	r.want(r.run(), 1, "config.yml:4:16: orchestrator.nats: port cannot be negative", `config.yml:4:20: unknown key "prot"`, "config.yml:5:12: orchestrator.node_id")
	r = newRig(t, r.binary, "check").config("orchestrator: {services: [apps], transports: [memory, nats], nats: {port: -1}}").
		set("NODE_ENV=production")
	r.want(r.run(), 1, "orchestrator.nats: port cannot be negative")
}
