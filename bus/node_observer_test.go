package bus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// seen is an observer that writes down what it is told.
func seen(name string, lines *[]string) Observer {
	return Observer{
		Before: func(ctx context.Context, i Info) context.Context {
			*lines = append(*lines, name+" before "+i.Action)
			return context.WithValue(ctx, tag(name), i.Caller)
		},
		After: func(ctx context.Context, i Info, err error) {
			*lines = append(*lines, name+" after "+i.Action+" "+CodeOf(err).String()+" of "+ctx.Value(tag(name)).(string))
		},
	}
}

type tag string

func TestObserversActFromTheOutsideIn(t *testing.T) {
	var lines []string
	n, _ := quietNode(t, Options{Observers: []Observer{seen("first", &lines), {}, seen("second", &lines)}})
	outer, inner := echo("alpha.outer"), echo("beta.inner")
	inner.Handle(n.View("beta"), func(ctx context.Context, _ ping) (pong, error) {
		lines = append(lines, "inner knows "+ctx.Value(tag("second")).(string))
		return pong{}, Errorf(NotFound, "nothing")
	})
	outer.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) {
		lines = append(lines, "outer knows "+ctx.Value(tag("first")).(string))
		if _, err := inner.Call(ctx, n.View("alpha"), req); CodeOf(err) != NotFound {
			t.Error(err)
		}
		if len(n.InFlight()) != 1 {
			t.Errorf("%d roots: a context of an observer made the nested call another", len(n.InFlight()))
		}
		return pong{}, nil
	})
	if _, err := outer.Call(t.Context(), n.View("test"), ping{}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"first before alpha.outer", "second before alpha.outer", "outer knows test",
		"first before beta.inner", "second before beta.inner", "inner knows alpha",
		"second after beta.inner not_found of alpha", "first after beta.inner not_found of alpha",
		"second after alpha.outer ok of test", "first after alpha.outer ok of test",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// Every way a call can end has one After, with the error of the caller, before the
// call has left the list.
func TestObserversSeeEveryOutcome(t *testing.T) {
	var got []string
	var n *Node
	n, _ = quietNode(t, Options{Observers: []Observer{{After: func(_ context.Context, i Info, err error) {
		if i.Caller == "test" && CodeOf(err) != DeadlineExceeded && len(n.InFlight()) == 0 {
			t.Errorf("%s has left the list before its After", i.Action)
		}
		got = append(got, CodeOf(err).String())
	}}}})
	a := echo("alpha.do")
	a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) {
		switch req.N {
		case 1:
			return pong{}, errors.New("undeclared")
		case 2:
			panic("boom")
		}
		return pong{}, nil
	})
	for i := range 3 {
		_, _ = a.Call(t.Context(), n.View("test"), ping{i})
	}
	expired, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, _ = a.Call(expired, n.View("test"), ping{})
	_, _ = echo("nowhere.at").Call(t.Context(), n.View("test"), ping{})
	n.Hold("alpha")
	_, _ = a.Call(t.Context(), n.View("test"), ping{})
	want := []string{"ok", "internal", "internal", "deadline_exceeded", "unavailable", "unavailable"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestObserverThatPanicsDecidesNothing(t *testing.T) {
	afters := 0
	n, log := quietNode(t, Options{Observers: []Observer{
		{After: func(context.Context, Info, error) { afters++ }},
		{
			Before: func(context.Context, Info) context.Context { panic("before") },
			After:  func(context.Context, Info, error) { afters++; panic("after") },
		},
		{Before: func(context.Context, Info) context.Context { return nil }},
	}})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), func(ctx context.Context, req ping) (pong, error) { return pong(req), ctx.Err() })
	res, err := a.Call(t.Context(), n.View("test"), ping{7})
	if err != nil || res.N != 7 || afters != 2 {
		t.Errorf("got %v, %v and %d Afters", res, err, afters)
	}
	if text := log.String(); strings.Count(text, "an observer panicked") != 2 || !strings.Contains(text, "alpha.echo") {
		t.Errorf("logged %q", text)
	}
	if err := n.Drain(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestObserversKnowWhereTheOtherSideIs(t *testing.T) {
	var infos []Info
	n, _ := quietNode(t, Options{Observers: []Observer{{After: func(_ context.Context, i Info, _ error) { infos = append(infos, i) }}}})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), func(_ context.Context, req ping) (pong, error) { return pong(req), nil })
	_, _ = a.Call(t.Context(), n.View("here"), ping{})
	_, _ = echo("beta.echo").Call(t.Context(), n.View("here"), ping{})
	_, _ = n.Dispatch(t.Context(), n.View("there"), Message{Action: "alpha.echo"})
	want := []Info{
		{Kind: KindCall, Action: "alpha.echo", Service: "alpha", Caller: "here"},
		{Kind: KindCall, Action: "beta.echo", Service: "beta", Caller: "here", Remote: true},
		{Kind: KindCall, Action: "alpha.echo", Service: "alpha", Caller: "there", Remote: true, Incoming: true},
	}
	if !slices.Equal(infos, want) {
		t.Errorf("got %+v, want %+v", infos, want)
	}
}

func TestObserversAllocateNothing(t *testing.T) {
	type key struct{}
	calls := 0
	n := NewNode(Options{Observers: []Observer{
		{
			Before: func(ctx context.Context, _ Info) context.Context { return ctx },
			After:  func(_ context.Context, i Info, err error) { calls += len(i.Action) },
		},
		{After: func(context.Context, Info, error) { calls++ }},
	}})
	add := NewAction[sum, total]("math.add")
	add.Handle(n.View("math"), direct{}.Add)
	view := n.View("bench")
	within(t, view, func(ctx context.Context) {
		for name, ctx := range map[string]context.Context{"the frame": ctx, "a context below it": context.WithValue(ctx, key{}, 1)} {
			nested := testing.AllocsPerRun(100, func() {
				if _, err := add.Call(ctx, view, sum{1, 2}); err != nil {
					t.Error(err)
				}
			})
			if nested != 0 {
				t.Errorf("an observed call with %s allocates %v times, want 0", name, nested)
			}
		}
	})
	if calls == 0 {
		t.Error("the observers saw nothing")
	}
}
