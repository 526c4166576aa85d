package bus

import (
	"bytes"
	"context"
	"encoding/json"
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
