package bus

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

type order struct {
	ID     int64           `json:"id"`
	Amount json.Number     `json:"amount"`
	Extra  json.RawMessage `json:"extra,omitempty"`
}

func orderNode(t *testing.T) *Node {
	t.Helper()
	n, _ := quietNode(t, Options{})
	a := NewAction[order, order]("shop.order")
	a.Handle(n.View("shop"), func(_ context.Context, req order) (order, error) { return req, nil })
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCallJSONKeepsNumbersExact(t *testing.T) {
	n := orderNode(t)
	body := `{"id":9007199254740993,"amount":12345678901234567890.123456789,"extra":{"n":1.10}}`
	out, err := n.CallJSON(t.Context(), n.View("console"), "shop.order", []byte(body))
	if err != nil || string(out) != body {
		t.Errorf("got %s, %v; want %s", out, err, body)
	}
}

func TestCallJSONIsStrict(t *testing.T) {
	n := orderNode(t)
	for body, want := range map[string]string{
		`{"id":1,"colour":"red"}`: "colour is no known field",
		`{"id":"one"}`:            "id",
		`{"id":1} {"id":2}`:       "more than one JSON value",
		`{"id":1`:                 "ends before the JSON value does",
		`[]`:                      "must be an object, not a list",
		`{"ID":1}`:                "ID is no known field: write it as id",
		`{"id":1,"id":2}`:         "id is there twice",
		"{\"extra\":\"\xff\"}":    "extra is no UTF-8",
	} {
		_, err := n.CallJSON(t.Context(), n.View("console"), "shop.order", []byte(body))
		if CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "shop.order") {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
	if out, err := n.CallJSON(t.Context(), n.View("console"), "shop.order", nil); err != nil || string(out) != `{"id":0,"amount":0}` {
		t.Errorf("an empty body is not the zero request: %s, %v", out, err)
	}
	if s := n.Stats()[0]; s.Caller != "console" || s.Requests[InvalidArgument] != 8 || s.InFlight != 0 {
		t.Errorf("counted %+v", s)
	}
}

func TestDispatchIsLenientAndPassesADrain(t *testing.T) {
	n := orderNode(t)
	var id string
	a := NewAction[ping, pong]("shop.id")
	a.Handle(n.View("shop"), func(ctx context.Context, req ping) (pong, error) {
		id = RequestID(ctx)
		return pong(req), nil
	})
	if err := n.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, err := n.Dispatch(t.Context(), n.View("remote"), Message{Action: "shop.id", RequestID: "r7", Body: []byte(`{"N":3,"New":true}`)})
	if err != nil || string(out) != `{"N":3}` || id != "r7" {
		t.Errorf("got %s, %v under request id %q", out, err, id)
	}
	if _, err := n.CallJSON(t.Context(), n.View("console"), "shop.id", nil); CodeOf(err) != Unavailable {
		t.Errorf("a call of our own after drain: %v", err)
	}
}

// Proves: B7
func TestUnknownActionsAreNamed(t *testing.T) {
	n := orderNode(t)
	ask := map[string]func(name string) error{
		"typed": func(name string) error {
			_, err := echo(name).Call(t.Context(), n.View("test"), ping{})
			return err
		},
		"JSON": func(name string) error {
			_, err := n.CallJSON(t.Context(), n.View("test"), name, nil)
			return err
		},
		"dispatch": func(name string) error {
			_, err := n.Dispatch(t.Context(), n.View("test"), Message{Action: name})
			return err
		},
	}
	for way, call := range ask {
		if err := call("shop." + way); CodeOf(err) != Unimplemented || !strings.Contains(err.Error(), "shop."+way) {
			t.Errorf("%s, a live service without the action: %v", way, err)
		}
		err := call("nowhere." + way)
		if CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "nowhere."+way) || !strings.Contains(err.Error(), "no service nowhere") {
			t.Errorf("%s, no such service: %v", way, err)
		}
	}
}

// coded counts how often values of its type pass through a codec.
type coded struct{ text string }

var encoded, decoded int

func (c coded) MarshalText() ([]byte, error) {
	encoded++
	return []byte(c.text), nil
}

func (c *coded) UnmarshalText(text []byte) error {
	decoded++
	c.text = string(text)
	return nil
}

// A request from bytes was made for its handler alone, and its response goes into
// bytes: a copy of either would isolate nothing.
func TestBytesAreDecodedAndEncodedOnce(t *testing.T) {
	for _, strict := range []bool{false, true} {
		n, _ := quietNode(t, Options{Strict: strict})
		a := NewAction[coded, coded]("shop.code")
		a.Handle(n.View("shop"), func(_ context.Context, req coded) (coded, error) { return req, nil })
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		encoded, decoded = 0, 0
		out, err := n.Dispatch(t.Context(), n.View("remote"), Message{Action: "shop.code", Body: []byte(`"x"`)})
		if err != nil || string(out) != `"x"` || encoded != 1 || decoded != 1 {
			t.Errorf("strict %v: got %s, %v after %d encodings and %d decodings, want one each", strict, out, err, encoded, decoded)
		}
	}
}

func TestDispatchTakesOneValue(t *testing.T) {
	n := orderNode(t)
	for _, body := range []string{`{"id":1} {"id":2}`, `{"id":1`, `[]`} {
		_, err := n.Dispatch(t.Context(), n.View("remote"), Message{Action: "shop.order", Body: []byte(body)})
		if CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), "shop.order") {
			t.Errorf("%s: got %v", body, err)
		}
	}
	if out, err := n.Dispatch(t.Context(), n.View("remote"), Message{Action: "shop.order", Body: []byte(" \n")}); err != nil || string(out) != `{"id":0,"amount":0}` {
		t.Errorf("an empty body is not the zero request: %s, %v", out, err)
	}
}
