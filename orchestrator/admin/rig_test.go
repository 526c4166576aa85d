package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/metrics"
)

type greeting struct {
	Name string `json:"name"`
}

type nothing struct{}

// The actions of the service that the tests call.
var (
	greet    = bus.NewAction[greeting, greeting]("fixture.greet").Doc("Greets by name.").Example(greeting{Name: "Ada"})
	failing  = bus.NewAction[nothing, nothing]("fixture.fail")
	breaking = bus.NewAction[nothing, nothing]("fixture.break")
	waiting  = bus.NewAction[nothing, greeting]("fixture.wait")
	lasting  = bus.NewAction[nothing, nothing]("fixture.last")
	errTaken = bus.NewError(bus.AlreadyExists, "fixture.taken")
)

// rig is a server that serves over a bus with the service fixture.
type rig struct {
	*Server

	url     string
	node    *bus.Node
	entered chan string   // the request id of a call that is in fixture.wait
	release chan struct{} // lets one call of fixture.wait go on
}

// start serves until the test ends. edit changes the options before.
func start(t *testing.T, edit func(*Options)) *rig {
	t.Helper()
	r := &rig{node: membus.New(bus.Options{Logger: slog.New(slog.DiscardHandler)}), entered: make(chan string, 8), release: make(chan struct{}, 8)}
	r.handle()
	if err := r.node.Check(); err != nil {
		t.Fatal(err)
	}
	registry := metrics.NewRegistry()
	registry.MustRegister(metrics.NewBus(r.node, metrics.Identity{Namespace: "platform", Node: "n1"}))
	o := Options{Node: r.node, Gatherer: registry, Address: "127.0.0.1:0", Development: true}
	if edit != nil {
		edit(&o)
	}
	r.Server = New(o)
	addr, err := r.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + addr.String()
	served := make(chan error, 1)
	go func() { served <- r.Serve() }()
	t.Cleanup(func() {
		if err := errors.Join(r.Close(), <-served); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *rig) handle() {
	b := r.node.View("fixture")
	greet.Handle(b, func(ctx context.Context, in greeting) (greeting, error) {
		in.Name += bus.Baggage(ctx)
		return in, nil
	})
	failing.Handle(b, func(context.Context, nothing) (nothing, error) {
		return nothing{}, errTaken.Errorf("the name is taken")
	})
	breaking.Handle(b, func(context.Context, nothing) (nothing, error) {
		return nothing{}, errors.New("the password is hunter2")
	})
	waiting.Handle(b, func(ctx context.Context, _ nothing) (greeting, error) {
		r.entered <- bus.RequestID(ctx)
		select {
		case <-r.release:
			return greeting{Name: bus.RequestID(ctx)}, nil
		case <-ctx.Done():
			return greeting{}, ctx.Err()
		}
	})
	lasting.Handle(b, func(ctx context.Context, _ nothing) (nothing, error) {
		select {
		case <-time.After(100 * time.Millisecond):
			return nothing{}, nil
		case <-ctx.Done():
			return nothing{}, ctx.Err()
		}
	})
}

// reply is an answer, read in full.
type reply struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; header is name, value pairs, of which "Host" sets the host.
func (r *rig) ask(t *testing.T, method, path, body string, header ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = h(header...)
	request.Host = request.Header.Get("Host")
	got, err := roundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func roundTrip(request *http.Request) (reply, error) {
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body)}, err
}

// decode reads an answer's JSON.
func decode[T any](t *testing.T, from reply) (into T) {
	t.Helper()
	if ct := from.header.Get("Content-Type"); ct != "application/json" {
		t.Errorf("Content-Type is %q", ct)
	}
	if err := json.Unmarshal([]byte(from.body), &into); err != nil {
		t.Fatalf("%v in %s", err, from.body)
	}
	return into
}
