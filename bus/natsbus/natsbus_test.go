package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

func TestMain(m *testing.M) {
	testnats.Child()
	child()
	serveTill()
	goleak.VerifyTestMain(m)
}

type question struct {
	Text  string            `json:"text"`
	Size  int               `json:"size,omitempty"`
	Attrs map[string]string `json:"attrs,omitempty"`
}

type reading struct {
	Text      string        `json:"text"`
	RequestID string        `json:"requestId,omitempty"`
	Left      time.Duration `json:"left,omitempty"`
}

var (
	ask      = bus.NewAction[question, reading]("oracle.ask").Doc("repeats the question").Example(question{Text: "why"})
	missing  = bus.NewAction[question, reading]("oracle.missing")
	refuse   = bus.NewAction[question, reading]("oracle.refuse")
	wait     = bus.NewAction[question, reading]("oracle.wait")
	errMoody = bus.NewError(bus.FailedPrecondition, "oracle.moody")
)

// oracle serves the actions above; what arrives at wait is held until release is
// closed or the call's context ends.
type oracle struct {
	arrived chan struct{}
	release chan struct{}
}

func newOracle(n *bus.Node) *oracle {
	o := &oracle{arrived: make(chan struct{}, 1000), release: make(chan struct{})}
	b := n.View("oracle")
	ask.Handle(b, func(ctx context.Context, q question) (reading, error) {
		at, _ := ctx.Deadline()
		return reading{Text: q.Text + strings.Repeat("x", q.Size), RequestID: bus.RequestID(ctx), Left: time.Until(at)}, nil
	})
	refuse.Handle(b, func(context.Context, question) (reading, error) {
		return reading{}, errMoody.Errorf("not on a Monday")
	})
	wait.Handle(b, func(ctx context.Context, q question) (reading, error) {
		o.arrived <- struct{}{}
		select {
		case <-o.release:
			return reading{Text: q.Text}, nil
		case <-ctx.Done():
			return reading{}, ctx.Err()
		}
	})
	return o
}

// build makes a node with its transport, to be closed with the test; wire registers
// handlers.
func build(t testing.TB, c Config, o bus.Options, wire func(*bus.Node)) (*bus.Node, *transport) {
	t.Helper()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	made, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	o.Transport, o.Logger = made, slog.New(slog.DiscardHandler)
	n := bus.NewNode(o)
	if wire != nil {
		wire(n)
	}
	t.Cleanup(func() {
		if err := n.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return n, made.(*transport)
}

func begin(t testing.TB, n *bus.Node) *bus.Node {
	t.Helper()
	if err := errors.Join(n.Check(), n.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	return n
}

// newNode makes a node over the server and starts it.
func newNode(t testing.TB, url string, wire func(*bus.Node), change ...func(*Config)) *bus.Node {
	t.Helper()
	c := Config{URL: url}
	for _, f := range change {
		f(&c)
	}
	n, _ := build(t, c, bus.Options{}, wire)
	return begin(t, n)
}

// Proves: B2 (calls, values and errors between two nodes over a real server).
func TestCallsBetweenNodes(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	ctx, cancel := context.WithTimeout(bus.WithRequestID(t.Context(), "r-1"), 3*time.Second)
	defer cancel()

	res, err := ask.Call(ctx, shop, question{Text: "hello"})
	if err != nil || res.Text != "hello" || res.RequestID != "r-1" {
		t.Errorf("ask: %+v, %v", res, err)
	}
	if res.Left <= 0 || res.Left > 3*time.Second {
		t.Errorf("the callee had %s left of 3 s", res.Left)
	}
	_, err = refuse.Call(ctx, shop, question{})
	if !errors.Is(err, errMoody) || bus.CodeOf(err) != bus.FailedPrecondition || !bus.IsRemote(err) || !strings.Contains(err.Error(), "Monday") {
		t.Errorf("refuse: %v (remote %v)", err, bus.IsRemote(err))
	}
	if _, err = missing.Call(ctx, shop, question{}); bus.CodeOf(err) != bus.Unimplemented {
		t.Errorf("an action the service does not have: %v", err)
	}
	nowhere := bus.NewAction[question, reading]("nowhere.ask")
	if _, err = nowhere.Call(ctx, shop, question{}); bus.CodeOf(err) != bus.Unavailable {
		t.Errorf("a service nobody runs: %v", err)
	}
}

// Proves: B5, B6 (the callee's context ends with the caller's deadline).
func TestDeadlineCrosses(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	_, err := wait.With(bus.Timeout(50*time.Millisecond)).Call(t.Context(), shop, question{})
	if bus.CodeOf(err) != bus.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
}

// Proves: B17 (what is too large is an error to the caller, both ways, and the
// connection stays).
func TestSizes(t *testing.T) {
	s := testnats.Start(t, func(o *server.Options) { o.MaxPayload = 64 << 10 })
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	if _, err := ask.Call(t.Context(), shop, question{Size: 60 << 10}); err != nil {
		t.Errorf("an answer below the limit: %v", err)
	}
	for name, q := range map[string]question{
		"request": {Text: strings.Repeat("x", 65<<10)},
		"answer":  {Size: 65 << 10},
	} {
		_, err := ask.Call(t.Context(), shop, q)
		if bus.CodeOf(err) != bus.ResourceExhausted || !strings.Contains(err.Error(), "65536") {
			t.Errorf("an oversized %s: %v", name, err)
		}
	}
	if _, err := ask.Call(t.Context(), shop, question{Text: "still there"}); err != nil {
		t.Errorf("after oversized messages: %v", err)
	}
}

// A program that knows NATS and JSON and nothing else can call.
func TestPlainJSON(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	nc := client(t, s)
	msg, err := nc.Request("platform.oracle.ask", []byte(`{"text":"plain","unknown":1}`), 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var res reading
	if err := json.Unmarshal(msg.Data, &res); err != nil || res.Text != "plain" || len(msg.Header) != 0 {
		t.Errorf("answer %s, header %v, %v", msg.Data, msg.Header, err)
	}
	msg, err = nc.Request("platform.oracle.refuse", nil, 2*time.Second)
	if err != nil || msg.Header.Get(micro.ErrorHeader) != "not on a Monday" || msg.Header.Get(micro.ErrorCodeHeader) == "" {
		t.Errorf("refusal: %v %v", msg.Header, err)
	}
	msg, err = nc.Request("platform.oracle.ask", []byte(`{"text":`), 2*time.Second)
	if err != nil || msg.Header.Get(micro.ErrorCodeHeader) != "400" && msg.Header.Get(micro.ErrorCodeHeader) != "422" {
		t.Errorf("half a request: %v %v", msg.Header, err)
	}
}

// A plain NATS program may serve an action of a contract.
func TestForeignResponder(t *testing.T) {
	s := testnats.Start(t)
	nc := client(t, s)
	sub, err := nc.QueueSubscribe("platform.oracle.*", "oracle", func(msg *nats.Msg) {
		if strings.HasSuffix(msg.Subject, ".refuse") {
			out := nats.NewMsg(msg.Reply)
			out.Header.Set(micro.ErrorCodeHeader, "404")
			out.Header.Set(micro.ErrorHeader, "no such thing")
			msg.RespondMsg(out)
			return
		}
		msg.Respond([]byte(`{"text":"from afar"}`))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Unsubscribe()
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	shop := newNode(t, s.URL(), nil).View("shop")
	if res, err := ask.Call(t.Context(), shop, question{}); err != nil || res.Text != "from afar" {
		t.Errorf("ask: %+v, %v", res, err)
	}
	if _, err := refuse.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.NotFound || !strings.Contains(err.Error(), "no such thing") {
		t.Errorf("refuse: %v", err)
	}
}

// Proves: B13 (instances share the calls).
func TestInstancesShareCalls(t *testing.T) {
	s := testnats.Start(t)
	nodes := [2]*bus.Node{}
	for i := range nodes {
		nodes[i] = newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	}
	shop := newNode(t, s.URL(), nil).View("shop")
	for range 1000 {
		if _, err := ask.Call(t.Context(), shop, question{}); err != nil {
			t.Fatal(err)
		}
	}
	for i, n := range nodes {
		if got := requests(n); got < 300 {
			t.Errorf("instance %d served %d of 1,000 calls", i, got)
		}
	}
}

func requests(n *bus.Node) (total uint64) {
	for _, e := range n.Stats() {
		for _, count := range e.Requests {
			total += count
		}
	}
	return total
}

// Proves: B12 (calls fail immediately while disconnected, those in flight end soon,
// all works again after a restart).
func TestServerGoesAndComesBack(t *testing.T) {
	s := testnats.Start(t)
	var o *oracle
	newNode(t, s.URL(), func(n *bus.Node) { o = newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")

	inFlight := make(chan error, 1)
	go func() {
		_, err := wait.Call(context.Background(), shop, question{})
		inFlight <- err
	}()
	<-o.arrived
	s.Stop()
	if err := <-inFlight; !errors.Is(err, bus.ErrOutcomeUnknown) || bus.CodeOf(err) != bus.Unavailable || bus.IsRemote(err) {
		t.Errorf("the call in flight ended with %v (remote %v)", err, bus.IsRemote(err))
	}
	close(o.release)
	if _, err := ask.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.Unavailable || bus.IsRemote(err) {
		t.Errorf("a call while disconnected: %v (remote %v)", err, bus.IsRemote(err))
	}
	s.Restart()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for {
		if _, err := ask.Call(ctx, shop, question{}); err == nil {
			break
		} else if ctx.Err() != nil {
			t.Fatalf("no call succeeded after the restart: %v", err)
		}
	}
}

// One callee stops under load: nothing is lost and nothing refused.
func TestDrainLosesNothing(t *testing.T) {
	s := testnats.Start(t)
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	ctx, cancel := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	var mu sync.Mutex
	calls, failures := 0, []error{}
	for range 50 {
		callers.Go(func() {
			for ctx.Err() == nil {
				_, err := ask.Call(t.Context(), shop, question{Text: "x"})
				mu.Lock()
				calls++
				if err != nil {
					failures = append(failures, err)
				}
				mu.Unlock()
			}
		})
	}
	for range 5 {
		n := newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
		for requests(n) < 50 {
			if _, err := ask.Call(t.Context(), shop, question{}); err != nil {
				t.Error(err)
			}
		}
		if err := errors.Join(n.Drain(t.Context()), n.Close(t.Context())); err != nil {
			t.Error(err)
		}
	}
	cancel()
	callers.Wait()
	if len(failures) > 0 {
		t.Errorf("%d of %d calls failed, the first with: %v", len(failures), calls, failures[0])
	}
	t.Logf("FIGURE drain.nats stops=5 calls=%d failed=%d", calls, len(failures))
}

func TestDiscovery(t *testing.T) {
	s := testnats.Start(t)
	n := newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	nc := client(t, s)
	if _, err := nc.Request("platform.oracle.ask", []byte(`{}`), time.Second); err != nil {
		t.Fatal(err)
	}
	var info micro.Info
	fetch(t, nc, "$SRV.INFO.oracle", &info)
	if info.Name != "oracle" || info.ID == "" || info.Metadata["node"] != n.ID() || len(info.Endpoints) != 3 || info.Endpoints[0].Subject != "platform.oracle.ask" {
		t.Errorf("info: %+v", info)
	}
	for _, key := range []string{"request_schema", "response_schema"} {
		if text := info.Endpoints[0].Metadata[key]; !json.Valid([]byte(text)) || !strings.Contains(text, "json-schema.org/draft/2020-12") {
			t.Errorf("the metadata %s is %s", key, text)
		}
	}
	var stats micro.Stats
	fetch(t, nc, "$SRV.STATS.oracle."+info.ID, &stats)
	if len(stats.Endpoints) != 3 || stats.Endpoints[0].NumRequests != 1 {
		t.Errorf("stats: %+v", stats)
	}
	var ping micro.Ping
	fetch(t, nc, "$SRV.PING", &ping)
	if ping.Type != micro.PingResponseType || ping.Version == "" {
		t.Errorf("ping: %+v", ping)
	}
}

func fetch(t *testing.T, nc *nats.Conn, subject string, into any) {
	t.Helper()
	msg, err := nc.Request(subject, nil, 2*time.Second)
	if err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
	if err := json.Unmarshal(msg.Data, into); err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
}

func client(t *testing.T, s *testnats.Server) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

func TestAddresses(t *testing.T) {
	for url, want := range map[string]string{
		"nats://127.0.0.1:4222":                       "",
		"tls://nats.example.com:4222":                 "",
		"nats://localhost:4222,nats://[::1]:4223":     "",
		"nats://nats.example.com:4222":                "not encrypted",
		"http://127.0.0.1:4222":                       "neither nats:// nor tls://",
		"nats://user:s3cret@nats.example.com:4222":    "not encrypted",
		"nats://user:s3cret@127.0.0.1:4222:bad\x7f/%": "cannot be read",
		"nats://s3cret@10.0.0.1":                      "not encrypted",
		"http://s3cret@127.0.0.1":                     "neither nats:// nor tls://",
	} {
		_, err := New(Config{URL: url})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", url, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

// Proves: B11 (fail fast when asked to; otherwise tries again until told to stop).
func TestNobodyListens(t *testing.T) {
	s := testnats.Start(t)
	url := s.URL()
	s.Stop()
	failFast, err := New(Config{URL: url, FailFast: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := failFast.Start(t.Context(), bus.NewNode(bus.Options{})); err == nil || !strings.Contains(err.Error(), "cannot connect to NATS at nats://127.0.0.1") {
		t.Errorf("fail fast: %v", err)
	}
	var log strings.Builder
	patient, err := New(Config{URL: url, RetryWait: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := patient.Start(ctx, bus.NewNode(bus.Options{})); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("patient: %v", err)
	}
	if strings.Count(log.String(), "trying again") < 2 {
		t.Errorf("the log does not show several attempts:\n%s", log.String())
	}
}
