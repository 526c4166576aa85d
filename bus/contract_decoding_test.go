package bus

import (
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

// Decoders are kept; nothing of one body may get into the next.
func TestKeptDecodersForget(t *testing.T) {
	for i := range 300 {
		var v sum
		body := fmt.Sprintf(`{"A":%d}`, i)
		switch i % 4 {
		case 1:
			body += "\n"
		case 2:
			body += `{"A":9}`
		case 3:
			body = `{"A":"` + strings.Repeat("x", i) + `"}`
		}
		err := decodeKnown([]byte(body), &v)
		if good := i%4 < 2; good && (err != nil || v.A != int64(i)) || !good && err == nil {
			t.Fatalf("%s: %+v, %v", body, v, err)
		}
	}
}

// BenchmarkDecodeKnown beside what it replaces.
func BenchmarkDecodeKnown(b *testing.B) {
	body, err := json.Marshal(fiftyLines())
	if err != nil {
		b.Fatal(err)
	}
	for name, decode := range map[string]func([]byte, any) error{"known": decodeKnown, "unmarshal": json.Unmarshal} {
		for size, body := range map[string][]byte{"small": []byte(`{"Lines":null}`), "large": body} {
			b.Run(size+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if err := decode(body, &cart{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
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
