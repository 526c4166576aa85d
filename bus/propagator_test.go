package bus

import (
	"context"
	"strings"
	"testing"
)

// marker is a propagator of what stands in contexts under its own type.
type marker struct{ bad bool }

func (m marker) Inject(ctx context.Context) string {
	if m.bad {
		panic("inject")
	}
	text, _ := ctx.Value(m).(string)
	return text
}

func (m marker) Extract(ctx context.Context, trace string) context.Context {
	if m.bad {
		panic("extract")
	}
	if trace == "nonsense" {
		return nil
	}
	return context.WithValue(ctx, m, trace)
}

// What an observer put into the context of a call goes to the other node, where the
// observers find it.
func TestTraceGoesWithTheCall(t *testing.T) {
	p := marker{}
	var seen []any
	there, _ := quietNode(t, Options{Propagator: p, Observers: []Observer{{Before: func(ctx context.Context, _ Info) context.Context {
		seen = append(seen, ctx.Value(p))
		return ctx
	}}}})
	here, _ := quietNode(t, Options{Transport: &wire{there: there}, Propagator: p, Observers: []Observer{{
		Before: func(ctx context.Context, i Info) context.Context {
			return context.WithValue(ctx, p, "trace of "+i.Action)
		},
	}}})
	a := echo("far.echo")
	a.Handle(there.View("far"), func(ctx context.Context, req ping) (pong, error) {
		seen = append(seen, ctx.Value(p))
		return pong(req), nil
	})
	if _, err := a.Call(t.Context(), here.View("near"), ping{}); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 || seen[0] != "trace of far.echo" || seen[1] != seen[0] {
		t.Errorf("seen there: %v", seen)
	}
}

func TestTraceDecidesNoCall(t *testing.T) {
	for _, p := range []Propagator{nil, marker{}, marker{bad: true}} {
		there, log := quietNode(t, Options{Propagator: p})
		here, hereLog := quietNode(t, Options{Transport: &wire{there: there}, Propagator: p})
		a := echo("far.echo")
		a.Handle(there.View("far"), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
		if res, err := a.Call(t.Context(), here.View("near"), ping{3}); err != nil || res.N != 3 {
			t.Errorf("with %v: %v, %v", p, res, err)
		}
		for _, trace := range []string{"nonsense", "sense"} {
			if _, err := there.Dispatch(t.Context(), there.View("near"), Message{Action: "far.echo", Trace: trace}); err != nil {
				t.Errorf("with %v: %v", p, err)
			}
		}
		panics := strings.Count(hereLog.String()+log.String(), "the propagator panicked")
		if want := map[bool]int{true: 3}[p == marker{bad: true}]; panics != want {
			t.Errorf("with %v: %d panics were logged, want %d", p, panics, want)
		}
	}
}
