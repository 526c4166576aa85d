package bus

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// wire is a transport to one other node of the same process.
type wire struct {
	here, there *Node
	served      []string
	drained     func()
	fail        error
}

func (w *wire) Name() string { return "wire" }

func (w *wire) Start(_ context.Context, n *Node) error {
	w.here = n
	return w.fail
}

func (w *wire) Serve(services ...string) error {
	w.served = append(w.served, services...)
	return w.fail
}

func (w *wire) Events() Carrier { return nil }

func (w *wire) Request(ctx context.Context, m Message) ([]byte, error) {
	switch {
	case w.fail != nil:
		return nil, w.fail
	case w.there == nil:
		return nil, ErrNobody
	}
	body, err := w.there.Dispatch(context.WithoutCancel(ctx), w.there.View(m.Caller), m)
	if e, ok := errors.AsType[*Error](err); ok { // over the wire
		data, _ := json.Marshal(e)
		there, err := ParseError(data)
		if err != nil {
			return nil, err
		}
		return nil, there
	}
	return body, err
}

func (w *wire) Drain(context.Context) error {
	if w.drained != nil {
		w.drained()
	}
	return w.fail
}

func (w *wire) Connected() bool { return true }

func (w *wire) Peers() []Peer { return nil }

func (w *wire) Close(context.Context) error { return w.fail }

func TestWhatIsNotHereIsAskedThere(t *testing.T) {
	there, _ := quietNode(t, Options{})
	w := &wire{there: there}
	here, _ := quietNode(t, Options{Transport: w})
	a := NewAction[box, box]("far.echo")
	var id string
	a.Handle(there.View("far"), func(ctx context.Context, req box) (box, error) {
		id = RequestID(ctx)
		if len(req.Items) == 0 {
			return box{}, errNotInstalled.Errorf("nothing")
		}
		return req, nil
	})
	ctx := WithRequestID(t.Context(), "r1")
	res, err := a.Call(ctx, here.View("near"), full())
	if err != nil || res.Next.Items[0] != "c" || id != "r1" {
		t.Errorf("got %+v, %v under request id %q", res, err, id)
	}
	_, err = a.Call(ctx, here.View("near"), box{})
	if !errors.Is(err, errNotInstalled) || !IsRemote(err) || CodeOf(err) != NotFound {
		t.Errorf("a declared error from there: %v", err)
	}
	if s := here.Stats(); len(s) != 1 || s[0].Requests[OK] != 1 || s[0].Requests[NotFound] != 1 {
		t.Errorf("counted here %+v", s)
	}
	if s := there.Stats(); len(s) != 1 || s[0].Caller != "near" || s[0].Requests[NotFound] != 1 {
		t.Errorf("counted there %+v", s)
	}
}

func TestTransportErrors(t *testing.T) {
	w := &wire{}
	n, log := quietNode(t, Options{Transport: w})
	a := echo("far.echo")
	call := func() error {
		_, err := a.Call(t.Context(), n.View("near"), ping{})
		return err
	}
	if err := call(); CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "no service far") {
		t.Errorf("nobody: %v", err)
	}
	w.fail = errors.New("cable cut")
	if err := call(); CodeOf(err) != Unavailable || strings.Contains(err.Error(), "cable") || !strings.Contains(log.String(), "cable cut") {
		t.Errorf("broken: %v; log %s", err, log)
	}
	w.fail = context.DeadlineExceeded
	if err := call(); CodeOf(err) != DeadlineExceeded {
		t.Errorf("late: %v", err)
	}
}

func TestOpenServicesAreServedAtStartAndHeldOnesWhenReleased(t *testing.T) {
	w := &wire{}
	n, _ := quietNode(t, Options{Transport: w})
	for _, service := range []string{"alpha", "beta"} {
		echo(service+".echo").Handle(n.View(service), answers)
	}
	n.Hold("beta")
	n.Hold("gamma") // has no handler
	if err := n.Start(t.Context()); err != nil || w.here != n {
		t.Fatalf("start: %v", err)
	}
	if strings.Join(w.served, " ") != "alpha" {
		t.Errorf("served %q at start", w.served)
	}
	for range 2 {
		for _, service := range []string{"beta", "gamma"} {
			if err := n.Release(service); err != nil {
				t.Error(err)
			}
		}
	}
	if strings.Join(w.served, " ") != "alpha beta" {
		t.Errorf("served %q", w.served)
	}
}

// What the transport delivered is served before roots are refused.
func TestDrainAsksTheTransportFirst(t *testing.T) {
	w := &wire{}
	n, _ := quietNode(t, Options{Transport: w})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), answers)
	w.drained = func() {
		if _, err := a.Call(t.Context(), n.View("test"), ping{}); err != nil {
			t.Errorf("refused while the transport drains: %v", err)
		}
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	w.drained, w.fail = nil, errors.New("cable cut")
	if err := n.Drain(t.Context()); !errors.Is(err, w.fail) {
		t.Errorf("drain: %v", err)
	}
	for name, f := range map[string]func(context.Context) error{"start": n.Start, "close": n.Close} {
		if err := f(t.Context()); !errors.Is(err, w.fail) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
