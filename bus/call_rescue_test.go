package bus

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// mine is a value whose methods panic when their letter is in it.
type mine string

func (m mine) panics(letter string) {
	if strings.Contains(string(m), letter) {
		panic("the password is 1234")
	}
}

func (m mine) MarshalJSON() ([]byte, error) { m.panics("m"); return json.Marshal(string(m)) }

func (m *mine) UnmarshalJSON(body []byte) error {
	var text string
	err := json.Unmarshal(body, &text)
	*m = mine(text)
	m.panics("u")
	return err
}

func (m mine) Validate() error { m.panics("v"); return nil }

// rude is an error of which one method panics.
type rude string

func (r rude) Error() string {
	if r == "Error" {
		panic("the password is 1234")
	}
	return string(r)
}

func (r rude) Is(error) bool {
	if r == "Is" {
		panic("the password is 1234")
	}
	return false
}

func (r rude) Unwrap() error {
	if r == "Unwrap" {
		panic("the password is 1234")
	}
	return nil
}

// carried is a transport that keeps what others would send.
type carried struct {
	nowhere

	deliver map[string]func(*Bus, Publication)
}

func (c *carried) Events() Carrier                            { return c }
func (c *carried) Publish(context.Context, Publication) error { return nil }
func (c *carried) Subscribe(i Interest) (Inlet, error) {
	c.deliver[i.Event] = i.Deliver
	return inlet{}, nil
}
func (*carried) Request(context.Context, Message) ([]byte, error) {
	return []byte(`"u"`), nil
}

type inlet struct{}

func (inlet) Dropped() uint64 { return 0 }
func (inlet) Stop() error     { return nil }

// rescued reports whether err is what a caller gets of somebody else's panic.
func rescued(t *testing.T, what string, err error) {
	t.Helper()
	var ours *Error
	if !errors.As(err, &ours) || ours.Code != Internal || strings.Contains(ours.Error(), "1234") {
		t.Errorf("%s: got %v, want internal without the text of the panic", what, err)
	}
}

// Methods of a contract's types run on goroutines that nobody recovers: those of a
// transport, and of whoever calls or emits.
func TestMethodsOfTypesPanicInOneCallOnly(t *testing.T) {
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		a := NewAction[mine, mine]("alpha.echo", Idempotent())
		ran := 0
		a.Handle(n.View("alpha"), func(_ context.Context, m mine) (mine, error) {
			ran++
			return mine(strings.TrimPrefix(string(m), "-")), nil
		})
		view := n.View("test")
		_, err := a.Call(t.Context(), view, "v")
		rescued(t, "Validate", err)
		for _, body := range []string{`"u"`, `"v"`, `"m"`} {
			_, err = n.CallJSON(t.Context(), view, "alpha.echo", []byte(body))
			rescued(t, "CallJSON of "+body, err)
			_, err = n.Dispatch(t.Context(), view, Message{Action: "alpha.echo", Body: []byte(body)})
			rescued(t, "Dispatch of "+body, err)
		}
		for _, b := range [...]CachePolicy{{}, {Vary: func(context.Context) string { panic("the password is 1234") }}} {
			req := mine("m")
			if b.Vary != nil {
				req = ""
			}
			_, err = a.With(Cache(b)).Call(t.Context(), view, req)
			rescued(t, "a cache's key", err)
		}
		if _, err := a.Call(t.Context(), view, "x"); err != nil {
			t.Errorf("the next call: %v", err)
		}
		var counted EdgeStats // from here, and from another process
		for _, e := range n.Stats() {
			counted.Requests[Internal] += e.Requests[Internal]
			counted.Panics += e.Panics
			counted.InFlight += e.InFlight
		}
		if counted.Requests[Internal] != 9 || counted.Panics != 9 || counted.InFlight != 0 || len(n.InFlight()) != 0 {
			t.Errorf("strict %v: counted %+v after 9 panics", strict, counted)
		}
	}
}

// nowhere is a transport that reaches nobody.
type nowhere struct{}

func (nowhere) Name() string                                     { return "nowhere" }
func (nowhere) Start(context.Context, *Node) error               { return nil }
func (nowhere) Serve(...string) error                            { return nil }
func (nowhere) Request(context.Context, Message) ([]byte, error) { return nil, ErrNobody }
func (nowhere) Events() Carrier                                  { return nil }
func (nowhere) Drain(context.Context) error                      { return nil }
func (nowhere) Connected() bool                                  { return true }
func (nowhere) Peers() []Peer                                    { return nil }
func (nowhere) Close(context.Context) error                      { return nil }

func TestMethodsOfTypesPanicInOneEventOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := &carried{deliver: map[string]func(*Bus, Publication){}}
		n, _ := quietNode(t, Options{Transport: link, Strict: true})
		e, heard := NewEvent[mine]("alpha.told"), []string{}
		var mu sync.Mutex
		e.Subscribe(n.View("beta"), func(_ context.Context, m mine) error {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, string(m))
			return nil
		})
		if err := errors.Join(n.Check(), n.Start(t.Context())); err != nil {
			t.Fatal(err)
		}
		for _, v := range []mine{"m", "v", "u"} {
			err := e.Emit(t.Context(), n.View("test"), v)
			rescued(t, "emitting "+string(v), err)
		}
		rescued(t, "EmitJSON", n.EmitJSON(t.Context(), n.View("test"), "alpha.told", []byte(`"u"`)))
		for _, body := range []string{`"u"`, `"v"`, `{}`, `"x"`} {
			link.deliver["alpha.told"](n.View("far"), Publication{Event: "alpha.told", Emitter: "far", Node: "other", Body: []byte(body)})
		}
		synctest.Wait()
		if s := countersOf(t, n, "beta", "alpha.told"); s.Dropped[Malformed] != 3 || s.Delivered != 1 || !slices.Equal(heard, []string{"x"}) {
			t.Errorf("heard %v and counted %+v, want x and three malformed ones", heard, s)
		}
		if _, err := NewAction[ping, mine]("far.ask").Call(t.Context(), n.View("test"), ping{}); true {
			rescued(t, "an answer", err)
		}
	})
}

// What a handler of an event returns is asked for its text and its kind.
func TestErrorsOfEventHandlersFailOneEventOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var nothing *Error
		var undeclared *Declared
		returned := []error{nothing, undeclared, rude("Error"), rude("Is"), rude("Unwrap"), nil}
		seen := 0
		n, _ := quietNode(t, Options{Observers: []Observer{{After: func(_ context.Context, _ Info, err error) {
			if err != nil && err.Error() != "" {
				seen++
			}
		}}}})
		e := told("alpha.told")
		e.Subscribe(n.View("beta"), func(_ context.Context, p ping) error { return returned[p.N] })
		emit(t, e, n.View("test"), 0, 1, 2, 3, 4, 5)
		synctest.Wait()
		if s := countersOf(t, n, "beta", "alpha.told"); s.Delivered != 6 || s.Failed != 5 || seen != 5 {
			t.Errorf("counted %+v and observed %d failures, want 6 handled and 5 failed", s, seen)
		}
	})
}

// An error may be nil inside, or have methods that panic.
func TestErrorsOfHandlersFailOneCallOnly(t *testing.T) {
	var nothing *Error
	var undeclared *Declared
	for _, err := range []error{nothing, undeclared, rude("Error"), rude("Is"), rude("Unwrap")} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.echo")
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, err })
		_, got := a.Call(t.Context(), n.View("test"), ping{})
		rescued(t, "an error of the handler", got)
	}
	if nothing.Error() == "" || errors.Is(nothing, context.Canceled) || nothing.Unwrap() != nil || nothing.Fields() != nil {
		t.Error("a nil *Error does not stand its methods")
	}
}

func TestPolicyFunctionsPanicInOneCallOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		a := failing(n, "alpha.flaky", away(), away()).With(
			Retry(RetryPolicy{Random: func() float64 { panic("the password is 1234") }}), Bulkhead(BulkheadPolicy{Concurrency: 1}))
		for range 2 { // and the place of the first was given back
			_, err := a.Call(t.Context(), n.View("test"), ping{})
			rescued(t, "Random", err)
		}
	})
}

// Middleware is put around a handler while the node is wired: a panic is a wiring
// mistake with its place, and so is middleware that gives nothing.
func TestMiddlewareThatCannotBePutIsAWiringMistake(t *testing.T) {
	for want, mw := range map[string]func(Handler[ping, pong]) Handler[ping, pong]{
		"middleware 1 panics instead of giving a handler: no": func(Handler[ping, pong]) Handler[ping, pong] { panic("no") },
		"middleware 1 gives no handler":                       func(Handler[ping, pong]) Handler[ping, pong] { return nil },
	} {
		n, _ := quietNode(t, Options{})
		a := echo("alpha.echo")
		a.Use(n.View("alpha"), mw)
		a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{}, nil })
		if err := n.Check(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "call_rescue_test.go:") {
			t.Errorf("got %v, want %q with its place", err, want)
		}
	}
}

// Lists of actions and events run methods of examples, also while another process asks.
func TestExamplesThatPanicAreWiringMistakes(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := NewAction[mine, pong]("alpha.echo").Example("m")
	a.Handle(n.View("alpha"), func(context.Context, mine) (pong, error) { return pong{}, nil })
	NewEvent[mine]("alpha.told").Example("m").Subscribe(n.View("beta"), func(context.Context, mine) error { return nil })
	if err := n.Check(); err == nil || strings.Count(err.Error(), "it panics") != 2 {
		t.Errorf("Check says %v", err)
	}
	if len(n.Actions()) != 1 || len(n.Events()) != 1 {
		t.Errorf("listed %v and %v", n.Actions(), n.Events())
	}
}
