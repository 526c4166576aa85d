package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// The errors of programs that are not ours, as they write them.
func TestForeignFailures(t *testing.T) {
	const code, text = "Nats-Service-Error-Code", "Nats-Service-Error"
	for name, c := range map[string]struct {
		header nats.Header
		body   string
		want   string
	}{
		"a status":                      {nats.Header{code: {"404"}, text: {"no"}}, "", "not_found no"},
		"a status and its text":         {nats.Header{code: {"404 Not Found"}}, "", "not_found it failed with status 404 Not Found"},
		"a code of another family":      {nats.Header{code: {"404"}, text: {"no"}}, `{"code":"NOT_FOUND"}`, "not_found no"},
		"and a message":                 {nats.Header{code: {"409"}, text: {"no"}}, `{"code":"CONFLICT","message":"busy"}`, "already_exists busy"},
		"a code of a later build":       {nats.Header{code: {"429"}, text: {"no"}}, `{"code":"throttled","reason":"shop.tired","message":"slow"}`, "resource_exhausted slow shop.tired"},
		"a code that is a number":       {nats.Header{code: {"404"}, text: {"no"}}, `{"code":404,"message":"x"}`, "not_found no"},
		"our own internal":              {nats.Header{code: {"500"}, text: {"no"}}, `{"code":"internal","message":"x"}`, "internal x"},
		"our code goes before a status": {nats.Header{code: {"409"}, text: {"no"}}, `{"code":"aborted","message":"x"}`, "aborted x"},
		"small letters":                 {nats.Header{"nats-service-error-code": {"404"}, "nats-service-error": {"no"}}, `{}`, "not_found no"},
		"capitals, and no text":         {nats.Header{"NATS-SERVICE-ERROR-CODE": {"503"}}, "", "unavailable it failed with status 503"},
		"a status that is none":         {nats.Header{code: {"bad"}, text: {"no"}}, "", "internal no"},
		"another header":                {nats.Header{"Server": {"x"}}, `{}`, ""},
	} {
		got := ""
		if e, ok := errors.AsType[*bus.Error](failure(&nats.Msg{Header: c.header, Data: []byte(c.body)})); ok {
			got = strings.TrimSpace(e.Code.String() + " " + e.Message + " " + e.Reason)
			if !bus.IsRemote(e) {
				t.Errorf("%s: it is not remote", name)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// An error that does not fit keeps its code and its reason; so does one whose details
// are no JSON.
func TestErrorsKeepTheirReason(t *testing.T) {
	s := testnats.Start(t, func(o *server.Options) { o.MaxPayload = 8 << 10 })
	details := map[string]json.RawMessage{
		"broken": json.RawMessage(`{"order":`),
		"large":  json.RawMessage(`"` + strings.Repeat("x", 9<<10) + `"`),
		"none":   nil,
	}
	newNode(t, s.URL(), func(n *bus.Node) {
		refuse.Handle(n.View("oracle"), func(_ context.Context, q question) (reading, error) {
			err := errMoody.Errorf("lost a race %s", strings.Repeat("!", q.Size))
			err.Code, err.Details = bus.Aborted, details[q.Text]
			return reading{}, err
		})
	})
	shop := newNode(t, s.URL(), nil).View("shop")
	for name, q := range map[string]question{"broken": {Text: "broken"}, "large": {Text: "large"}, "long": {Text: "none", Size: 9 << 10}} {
		_, err := refuse.Call(t.Context(), shop, q)
		if bus.CodeOf(err) != bus.Aborted || !errors.Is(err, errMoody) || !strings.Contains(err.Error(), "lost a race") {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

// A response type without members needs no payload; any other does.
func TestEmptyAnswers(t *testing.T) {
	s := testnats.Start(t)
	nc := client(t, s)
	sub, err := nc.Subscribe("platform.oracle.>", func(msg *nats.Msg) { msg.Respond(nil) })
	if err := errors.Join(err, nc.Flush()); err != nil {
		t.Fatal(err)
	}
	defer sub.Unsubscribe()
	shop := newNode(t, s.URL(), nil).View("shop")
	if _, err := bus.NewAction[question, struct{}]("oracle.note").Call(t.Context(), shop, question{}); err != nil {
		t.Errorf("of struct{}: %v", err)
	}
	if _, err := ask.Call(t.Context(), shop, question{}); bus.CodeOf(err) != bus.Internal {
		t.Errorf("of a response with members: %v", err)
	}
}
