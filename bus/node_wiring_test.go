package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func answers(context.Context, ping) (pong, error) { return pong{}, nil }

// mistakes are the wiring mistakes of n, as text; the test fails for each word
// that is not among them.
func mistakes(t *testing.T, n *Node, words ...string) {
	t.Helper()
	err := n.Check()
	if err == nil {
		t.Fatal("no mistake was found")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is missing in: %v", word, err)
		}
	}
}

// Proves: B16
func TestSecondHandlerIsAMistakeThatNamesBothPlaces(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), answers)
	a.Handle(n.View("alpha"), func(context.Context, ping) (pong, error) { return pong{9}, nil })
	mistakes(t, n, "alpha.echo has two handlers", "alpha at bus/node_wiring_test.go:")
	if res, err := a.Call(t.Context(), n.View("beta"), ping{}); err != nil || res.N != 0 {
		t.Errorf("the first handler does not answer: %v, %v", res, err)
	}
}

// Proves: B16
func TestSameNameWithOtherTypesIsAMistakeThatNamesBoth(t *testing.T) {
	n, _ := quietNode(t, Options{})
	a, b := echo("alpha.echo"), NewAction[ping, string]("alpha.echo")
	a.Handle(n.View("alpha"), answers)
	for range 2 {
		_, err := b.Call(t.Context(), n.View("beta"), ping{})
		if CodeOf(err) != Internal || !strings.Contains(err.Error(), "alpha.echo") {
			t.Errorf("got %v, want internal", err)
		}
	}
	mistakes(t, n, "alpha.echo is declared with different types", "(bus.ping) bus.pong", "(bus.ping) string", "wiring_test.go:")
	if stats := n.Stats(); len(stats) != 0 {
		t.Errorf("a mistaken declaration has counters: %v", stats)
	}
}

func TestSameNameAndTypesIsTheSameAction(t *testing.T) {
	n, _ := quietNode(t, Options{})
	echo("alpha.echo").Handle(n.View("alpha"), answers)
	for range 2 {
		if _, err := echo("alpha.echo").Call(t.Context(), n.View("beta"), ping{}); err != nil {
			t.Error(err)
		}
	}
	if err := n.Check(); err != nil {
		t.Error(err)
	}
	if s := n.Stats(); len(s) != 1 || s[0].Requests[OK] != 2 {
		t.Errorf("counted %+v, want two calls on one edge", s)
	}
}

type clashing struct {
	Items []struct {
		A int
		B int `json:"A"`
	}
}

type misspelt struct {
	A string `Schema:"required"`
	B string `json:"b" maxLength:"5"`
}

// A held service may still get handlers when the node has started: it is made known with
// all of them when it is released.
func TestHandlersOfAHeldServiceMayComeLate(t *testing.T) {
	n, _ := quietNode(t, Options{})
	n.Hold("alpha")
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := echo("alpha.echo")
	a.Handle(n.View("alpha"), answers)
	if err := errors.Join(n.Check(), n.Release("alpha")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Call(t.Context(), n.View("beta"), ping{}); err != nil {
		t.Error(err)
	}
}

func TestOtherWiringMistakes(t *testing.T) {
	type hidden struct{ secret []int }
	type deep struct{ Inner struct{ Callback func() } }
	cases := []struct {
		name  string
		wire  func(n *Node)
		words []string
	}{
		{"a foreign view", func(n *Node) { echo("alpha.echo").Handle(n.View("beta"), answers) },
			[]string{"beta handles alpha.echo", "belongs to the service alpha"}},
		{"a nil handler", func(n *Node) { echo("alpha.echo").Handle(n.View("alpha"), nil) },
			[]string{"the handler of alpha.echo is nil"}},
		{"a name without service", func(n *Node) { echo("echo").Handle(n.View("echo"), answers) },
			[]string{`"echo" is no name`, "_test.go:"}},
		{"a name with spaces", func(n *Node) { echo("alpha.Do it").Handle(n.View("alpha"), answers) },
			[]string{`"alpha.Do it" is no name`}},
		{"a function in the request", func(n *Node) {
			NewAction[deep, pong]("alpha.deep").Handle(n.View("alpha"), func(context.Context, deep) (pong, error) { return pong{}, nil })
		}, []string{"the request of alpha.deep cannot cross the bus", "Inner.Callback"}},
		{"a hidden field in the response", func(n *Node) {
			NewAction[ping, hidden]("alpha.hidden").Handle(n.View("alpha"), func(context.Context, ping) (hidden, error) { return hidden{}, nil })
		}, []string{"the response of alpha.hidden cannot cross the bus", "secret"}},
		{"a long name", func(n *Node) { echo("alpha."+strings.Repeat("x", 5000)).Handle(n.View("alpha"), answers) },
			[]string{"the name alpha.xxx", "has 5006 letters: at most 128"}},
		{"a handler after the start", func(n *Node) {
			if err := n.Start(t.Context()); err != nil {
				t.Error(err)
			}
			echo("alpha.echo").Handle(n.View("alpha"), answers)
		}, []string{"alpha handles alpha.echo after it was opened", "node_wiring_test.go"}},
		{"two fields of one name", func(n *Node) {
			NewAction[clashing, pong]("alpha.clash").Handle(n.View("alpha"), func(context.Context, clashing) (pong, error) { return pong{}, nil })
		}, []string{"the request of alpha.clash cannot cross the bus", `bus.clashing.Items[].B is called "A" in JSON, as is A`}},
		{"a misspelt tag in a payload", func(n *Node) {
			NewEvent[misspelt]("alpha.spelt").Subscribe(n.View("alpha"), func(context.Context, misspelt) error { return nil })
		}, []string{"the payload of alpha.spelt cannot cross the bus", "bus.misspelt.A has the tag Schema: did you mean schema?", "bus.misspelt.B has the tag maxLength: rules stand in the tag schema"}},
		{"an example that cannot be sent", func(n *Node) {
			NewAction[any, pong]("alpha.any").Example(func() {}).Handle(n.View("alpha"), func(context.Context, any) (pong, error) { return pong{}, nil })
		}, []string{"the example request of alpha.any cannot be sent"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			n, _ := quietNode(t, Options{})
			tc.wire(n)
			mistakes(t, n, tc.words...)
		})
	}
}

func TestCheckReturnsAllMistakes(t *testing.T) {
	n, _ := quietNode(t, Options{})
	echo("one").Handle(n.View("one"), answers)
	echo("alpha.two").Handle(n.View("beta"), answers)
	echo("alpha.three").Handle(n.View("alpha"), nil)
	mistakes(t, n, `"one"`, "alpha.two", "alpha.three")
}

func TestActionsAreListedByName(t *testing.T) {
	n, _ := quietNode(t, Options{})
	echo("beta.called").Call(t.Context(), n.View("alpha"), ping{})
	echo("alpha.echo").Doc("Answers.").Example(ping{3}).Handle(n.View("alpha"), answers)
	list := n.Actions()
	if len(list) != 2 || list[0].Name != "alpha.echo" || list[1].Name != "beta.called" {
		t.Fatalf("listed %+v", list)
	}
	a := list[0]
	if a.Service != "alpha" || a.Doc != "Answers." || !a.Handled || string(a.Example) != `{"N":3}` ||
		a.Request != "bus.ping" || a.Response != "bus.pong" {
		t.Errorf("described %+v", a)
	}
	const schema = `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"bus.ping","type":"object","properties":{"N":{"type":"integer","format":"int64"}}}`
	if string(a.RequestSchema) != schema || !strings.Contains(string(a.ResponseSchema), `"required":["N"]`) {
		t.Errorf("the schemas are %s and %s", a.RequestSchema, a.ResponseSchema)
	}
	if list[1].Handled {
		t.Error("an action that was only called is handled")
	}
}

func TestViewIsOneForEachOwner(t *testing.T) {
	n, _ := quietNode(t, Options{NodeID: "n1"})
	if n.View("alpha") != n.View("alpha") || n.View("alpha") == n.View("beta") || n.View("alpha").Owner() != "alpha" || n.ID() != "n1" {
		t.Error("views are not one for each owner")
	}
}

// Tables grow while others call through them.
func TestViewsSurviveManyActions(t *testing.T) {
	n, _ := quietNode(t, Options{})
	b := n.View("beta")
	for range 300 {
		a := echo("alpha.echo")
		if _, err := a.Call(t.Context(), b, ping{}); CodeOf(err) != Unavailable {
			t.Fatal(err)
		}
	}
	if s := n.Stats(); len(s) != 1 || s[0].Requests[Unavailable] != 300 {
		t.Errorf("counted %+v", s)
	}
}
