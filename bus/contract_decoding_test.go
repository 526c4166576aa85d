package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

type newer struct {
	A     int64 `json:"A"`
	Later []int `json:"later"`
}

func TestUnknownFieldsAreIgnoredAndCounted(t *testing.T) {
	n, log := quietNode(t, Options{})
	a := NewAction[sum, total]("shop.add")
	a.Handle(n.View("shop"), direct{}.Add)
	view := n.View("far")
	for body, want := range map[string]string{
		`{"A":1,"B":2}`:                     `{"Sum":3}`,
		`{"A":1,"later":[1,{"x":2}],"B":2}`: `{"Sum":3}`,
		` {"B":5} `:                         `{"Sum":5}`,
		``:                                  `{"Sum":0}`,
		`{"new":{"A":7}}`:                   `{"Sum":0}`,
	} {
		out, err := n.Dispatch(t.Context(), view, Message{Action: "shop.add", Body: []byte(body)})
		if err != nil || string(out) != want {
			t.Errorf("%s: %s, %v", body, out, err)
		}
	}
	for _, body := range []string{`{"later":1,"A":"x"}`, `{"A":1`, `{"A":1}{"A":2}`, `[1]`} {
		if _, err := n.Dispatch(t.Context(), view, Message{Action: "shop.add", Body: []byte(body)}); CodeOf(err) != InvalidArgument {
			t.Errorf("%s: %v", body, err)
		}
	}
	if got := n.Stats()[0].UnknownFields; got != 2 {
		t.Errorf("counted %d messages with unknown fields, want 2", got)
	}
	if text := log.String(); strings.Count(text, "fields that the contract here does not have") != 1 || !strings.Contains(text, "caller=far") {
		t.Errorf("the log has %s", text)
	}
}

// A client that is no node sends no id: the call gets one before anything is logged of it.
func TestForeignCallersHaveARequestID(t *testing.T) {
	n, log := quietNode(t, Options{})
	var id string
	NewAction[sum, total]("shop.add").Handle(n.View("shop"), func(ctx context.Context, _ sum) (total, error) {
		id = RequestID(ctx)
		return total{}, nil
	})
	if _, err := n.Dispatch(t.Context(), n.View("nats"), Message{Action: "shop.add", Body: []byte(`{"later":1}`)}); err != nil {
		t.Fatal(err)
	}
	if id == "" || !strings.Contains(log.String(), "request_id="+id) {
		t.Errorf("the call is %q, the log has %s", id, log)
	}
}

// The size of a message decides nothing about what is found in it.
func TestUnknownFieldsOfLargeMessages(t *testing.T) {
	n, _ := quietNode(t, Options{})
	NewAction[box, total]("shop.weigh").Handle(n.View("shop"), func(_ context.Context, b box) (total, error) {
		return total{int64(len(b.Items[0]))}, nil
	})
	for _, text := range []string{strings.Repeat("x", 64<<10), strings.Repeat("\xff", 20<<10)} {
		body := `{"Items":["` + text + `"],"items":["other"],"later":1}`
		out, err := n.Dispatch(t.Context(), n.View("far"), Message{Action: "shop.weigh", Body: []byte(body)})
		if want := fmt.Sprintf(`{"Sum":%d}`, len(strings.ToValidUTF8(text[:1], "\ufffd"))*len(text)); err != nil || string(out) != want {
			t.Errorf("%.20q…: got %s, %v, want %s", text, out, err, want)
		}
	}
	if got := n.Stats()[0].UnknownFields; got != 2 {
		t.Errorf("counted %d messages with unknown fields, want 2", got)
	}
}

// emptyAnswers is a transport whose other side answers with nothing.
type emptyAnswers struct{ Transport }

func (emptyAnswers) Name() string                                     { return "empty" }
func (emptyAnswers) Events() Carrier                                  { return nil }
func (emptyAnswers) Connected() bool                                  { return true }
func (emptyAnswers) Request(context.Context, Message) ([]byte, error) { return nil, nil }

// A foreign program may answer with nothing where there is nothing to answer, and nowhere
// else.
func TestEmptyAnswers(t *testing.T) {
	n, _ := quietNode(t, Options{Transport: emptyAnswers{}})
	if _, err := NewAction[ping, struct{}]("far.note").Call(t.Context(), n.View("shop"), ping{}); err != nil {
		t.Errorf("a response without fields: %v", err)
	}
	if _, err := NewAction[ping, pong]("far.count").Call(t.Context(), n.View("shop"), ping{}); CodeOf(err) != Internal || !strings.Contains(err.Error(), "far.count does not fit its contract") {
		t.Errorf("a response with fields: %v", err)
	}
}

// BenchmarkReceive beside package encoding/json: with a search for unknown fields, which
// is what receive does, and without one.
func BenchmarkReceive(b *testing.B) {
	n := NewNode(Options{})
	view := n.View("bench")
	small, large := NewAction[sum, total]("bench.small"), NewAction[cart, cart]("bench.large")
	body, err := json.Marshal(fiftyLines())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("small", func(b *testing.B) { compareDecoders[sum](b, view.edge(small.contract), []byte(`{"A":1,"B":2}`)) })
	b.Run("large", func(b *testing.B) { compareDecoders[cart](b, view.edge(large.contract), body) })
}

func compareDecoders[T any](b *testing.B, e *edge, body []byte) {
	ways := []struct {
		name   string
		decode func() error
	}{
		{"receive", func() error { _, err := receive[T](context.Background(), e, body); return err }},
		{"package json, unknown fields found", func() error {
			dec := json.NewDecoder(bytes.NewReader(body))
			dec.DisallowUnknownFields()
			return dec.Decode(new(T))
		}},
		{"package json", func() error { return json.Unmarshal(body, new(T)) }},
	}
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := way.decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// What an answer of a newer service has more is ignored and counted too.
func TestUnknownFieldsOfAnswers(t *testing.T) {
	far, _ := quietNode(t, Options{})
	NewAction[newer, newer]("shop.grow").Handle(far.View("shop"), func(_ context.Context, req newer) (newer, error) {
		return newer{A: req.A + 1, Later: []int{1}}, nil
	})
	here, _ := quietNode(t, Options{Transport: &wire{there: far}})
	a := NewAction[sum, sum]("shop.grow")
	res, err := a.Call(t.Context(), here.View("test"), sum{A: 1})
	if err != nil || res.A != 2 || here.Stats()[0].UnknownFields != 1 || far.Stats()[0].UnknownFields != 1 {
		t.Errorf("got %+v, %v; counted %d here and %d there", res, err, here.Stats()[0].UnknownFields, far.Stats()[0].UnknownFields)
	}
}
