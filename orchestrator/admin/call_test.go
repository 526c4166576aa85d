package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

func TestCallAnswersJSON(t *testing.T) {
	got := start(t, nil).ask(t, "POST", "/debug/call/fixture.greet", `{"name":"Ada"}`, "Content-Type", "application/json; charset=utf-8")
	if got.status != http.StatusOK || got.body != "{\"name\":\"Ada\"}\n" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %q %v", got.status, got.body, got.header)
	}
}

func TestCallTakesMetadata(t *testing.T) {
	r := start(t, nil)
	got := r.ask(t, "POST", "/debug/call/fixture.greet", `{"name":"Ada "}`, "Baggage", "project=demo, language=%D1%83%D0%BA")
	if got.status != http.StatusOK || got.body != "{\"name\":\"Ada project=demo,language=%D1%83%D0%BA\"}\n" {
		t.Errorf("%d %q", got.status, got.body)
	}
	got = r.ask(t, "POST", "/debug/call/fixture.greet", `{}`, "Baggage", "project")
	if got.status != http.StatusBadRequest || !strings.Contains(got.body, `"project" is not name=value`) {
		t.Errorf("%d %q", got.status, got.body)
	}
}

func TestCallErrors(t *testing.T) {
	r := start(t, nil)
	for name, test := range map[string]struct {
		action, body string
		status       int
		want         bus.Error
	}{
		"declared":       {"fixture.fail", "", 409, bus.Error{Code: bus.AlreadyExists, Reason: "fixture.taken", Service: "fixture", Action: "fixture.fail", Message: "the name is taken"}},
		"undeclared":     {"fixture.break", "{}", 500, bus.Error{Code: bus.Internal, Service: "fixture", Action: "fixture.break", Message: "internal error in fixture.break"}},
		"unknown field":  {"fixture.greet", `{"nam":"Ada"}`, 422, bus.Error{Code: bus.InvalidArgument, Service: "fixture", Action: "fixture.greet"}},
		"no JSON":        {"fixture.greet", `{`, 422, bus.Error{Code: bus.InvalidArgument, Service: "fixture", Action: "fixture.greet"}},
		"unknown action": {"fixture.dance", "", 404, bus.Error{Code: bus.Unimplemented, Service: "fixture", Action: "fixture.dance"}},
		"nobody":         {"nobody.there", "", 503, bus.Error{Code: bus.Unavailable, Service: "nobody", Action: "nobody.there", Retryable: true}},
		"no action name": {"a%2Fb", "", 422, bus.Error{Code: bus.InvalidArgument, Service: "a/b", Action: "a/b"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.ask(t, "POST", "/debug/call/"+test.action, test.body)
			e := decode[bus.Error](t, got)
			if test.want.Message == "" && e.Message != "" {
				test.want.Message = e.Message
			}
			if got.status != test.status || e.Error() != test.want.Error() || e.Reason != test.want.Reason ||
				e.Service != test.want.Service || e.Retryable != test.want.Retryable {
				t.Errorf("%d %s, want %d %+v", got.status, got.body, test.status, test.want)
			}
			if !strings.Contains(got.body, `"retryable": `) || strings.Contains(got.body, "hunter2") {
				t.Error(got.body)
			}
		})
	}
}

// A name that no contract declares must not become a label: whoever sends names would choose the number of series.
func TestUnknownActionsLeaveNoSeries(t *testing.T) {
	r := start(t, nil)
	before := len(r.node.Stats())
	for _, name := range []string{"fixture.a", "fixture.b", "other.c", "x"} {
		r.ask(t, "POST", "/debug/call/"+name, "")
	}
	if after := len(r.node.Stats()); after != before {
		t.Errorf("%d edges, before %d", after, before)
	}
}

func TestCallRefusesOtherContentTypes(t *testing.T) {
	r := start(t, nil)
	for _, ct := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ";"} {
		got := r.ask(t, "POST", "/debug/call/fixture.greet", `{"name":"Ada"}`, "Content-Type", ct)
		if got.status != http.StatusUnsupportedMediaType || !strings.Contains(got.body, "application/json") {
			t.Errorf("%s: %d %s", ct, got.status, got.body)
		}
	}
	if n := len(r.node.Stats()); n != 0 {
		t.Errorf("%d edges were used", n)
	}
}

func TestCallRequestID(t *testing.T) {
	r := start(t, nil)
	for name, test := range map[string]struct {
		sent string
		kept bool
	}{
		"given":       {"order-17", true},
		"absent":      {"", false},
		"with spaces": {"a b", false},
		"too long":    {strings.Repeat("x", 129), false},
		"no ASCII":    {"naïve", false},
	} {
		t.Run(name, func(t *testing.T) {
			r.release <- struct{}{}
			got := r.ask(t, "POST", "/debug/call/fixture.wait", "", RequestIDHeader, test.sent)
			id := got.header.Get(RequestIDHeader)
			if inside := <-r.entered; inside != id || decode[greeting](t, got).Name != id {
				t.Errorf("the header says %q, the handler saw %q and answered %s", id, inside, got.body)
			}
			if id == "" || (id == test.sent) != test.kept {
				t.Errorf("sent %q, got %q", test.sent, id)
			}
		})
	}
}

func TestCallTimeout(t *testing.T) {
	r := start(t, nil)
	for name, test := range map[string]struct{ query, header string }{
		"in the URL":             {"?timeout=20ms", ""},
		"in the header":          {"", "20ms"},
		"the URL goes before it": {"?timeout=20ms", "9m"},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.ask(t, "POST", "/debug/call/fixture.wait"+test.query, "", TimeoutHeader, test.header)
			<-r.entered
			if e := decode[bus.Error](t, got); got.status != http.StatusGatewayTimeout || e.Code != bus.DeadlineExceeded {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	for _, wrong := range []string{"2", "-1s", "0s", "11m", "soon"} {
		if got := r.ask(t, "POST", "/debug/call/fixture.greet?timeout="+wrong, ""); got.status != http.StatusBadRequest {
			t.Errorf("timeout=%s: %d", wrong, got.status)
		}
	}
}

// What an action may take is neither the time for a body nor the time for an answer.
func TestCallOutlivesTheTimeoutsOfTheConnection(t *testing.T) {
	r := start(t, func(o *Options) {
		o.Limits = Limits{HeaderTimeout: 20 * time.Millisecond, BodyTimeout: 20 * time.Millisecond, WriteTimeout: 20 * time.Millisecond, IdleTimeout: 20 * time.Millisecond}
	})
	for _, query := range []string{"", "?timeout=5s"} {
		if got := r.ask(t, "POST", "/debug/call/fixture.last"+query, "{}"); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
	}
}

// Calls are counted and limited like any other; an ended client ends its call.
func TestCallEndsWithItsClient(t *testing.T) {
	r := start(t, nil)
	ctx, hangUp := contextWithCancel(t)
	gone := make(chan error, 1)
	go func() {
		request, _ := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/debug/call/fixture.wait", nil)
		_, err := roundTrip(request)
		gone <- err
	}()
	<-r.entered
	hangUp()
	if err := <-gone; err == nil {
		t.Error("the client got an answer after it had hung up")
	}
	if err := r.Shutdown(t.Context()); err != nil { // waits for the handler
		t.Error(err)
	}
	if got := r.node.Stats()[0].Requests[bus.Canceled]; got != 1 {
		t.Errorf("%d canceled calls, want 1: %+v", got, r.node.Stats())
	}
}
