package natsbus

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// A field that is too large or malformed is cut or left out, and takes nothing else of
// the header with it.
func TestOneFieldLosesNoOther(t *testing.T) {
	good := envelope{left: time.Second, caller: "shop", requestID: "r-1", trace: traceparent, metadata: "project=demo", depth: 1}
	with := func(change func(*envelope)) envelope {
		e := good
		change(&e)
		return e
	}
	long := strings.Repeat("é", 400)
	for name, c := range map[string]struct {
		value string
		want  envelope
	}{
		"the time left is more than a day":      {"90000000000;shop;r-1;" + traceparent + ";project=demo", with(func(e *envelope) { e.left = longestLeft })},
		"the time left is no 64 bits":           {strings.Repeat("9", 40) + ";shop;r-1;" + traceparent + ";project=demo", with(func(e *envelope) { e.left = longestLeft })},
		"the time left is below 0":              {"-5;shop;r-1;" + traceparent + ";project=demo", with(func(e *envelope) { e.left = 0 })},
		"the time left is no number":            {"soon;shop;r-1;" + traceparent + ";project=demo", with(func(e *envelope) { e.left = 0 })},
		"a caller of 600 letters":               {"1000000;" + strings.Repeat("a", 600) + ";r-1;" + traceparent + ";project=demo", with(func(e *envelope) { e.caller = strings.Repeat("a", maxCaller) })},
		"a long id":                             {"1000000;shop;" + long + ";" + traceparent + ";project=demo", with(func(e *envelope) { e.requestID = strings.Repeat("é", maxID/2) })},
		"a trace that is none":                  {"1000000;shop;r-1;" + long + ";project=demo", with(func(e *envelope) { e.trace = "" })},
		"more metadata than is read":            {"1000000;shop;r-1;" + traceparent + ";project=demo,x=" + strings.Repeat("m", maxMetadata), good},
		"properties of a member":                {"1000000;shop;r-1;" + traceparent + ";project=demo;p=1,language=uk", with(func(e *envelope) { e.metadata = "project=demo;p=1,language=uk" })},
		"fields of a later build":               {"1000000;shop;r-1;" + traceparent + ";project=demo;;budget=2;depth=3", with(func(e *envelope) { e.depth = 3 })},
		"fields of a later build, nothing else": {"1000000;shop;r-1;;;;depth=3", with(func(e *envelope) { e.trace, e.metadata, e.depth = "", "", 3 })},
		"a depth that is none":                  {"1000000;shop;r-1;" + traceparent + ";project=demo;;depth=-1", good},
	} {
		if got := parseEnvelope(nats.Header{callHeader: {c.value}}); got != c.want {
			t.Errorf("%s: read as %+v, want %+v", name, got, c.want)
		}
	}
	deep := envelope{caller: "shop", requestID: "r-1", depth: 7}
	if h := deep.header(); parseEnvelope(h) != deep || h[callHeader][0] != "0;shop;r-1;;;;depth=7" {
		t.Errorf("a deep call is written %q", h)
	}
	if got := parseEnvelope(nats.Header{"bus-call": {"1000000;shop;r-1;" + traceparent + ";project=demo"}}); got != good {
		t.Errorf("with a name in small letters: read as %+v", got)
	}
}

// What anybody may choose is made to fit where it is written.
func TestWhatIsWrittenFits(t *testing.T) {
	sent := envelope{left: 25 * time.Hour, caller: "x;y\r\n" + strings.Repeat("a", 600), requestID: "r-1", trace: traceparent, metadata: "project=demo", depth: 1}
	want := sent
	want.left, want.caller = longestLeft, ("xy" + strings.Repeat("a", 600))[:maxCaller]
	if got := parseEnvelope(sent.header()); got != want {
		t.Errorf("read back as %+v, want %+v", got, want)
	}
	var event bus.Publication
	parseNotice(notice(bus.Publication{Node: "run", Emitter: "x;y", RequestID: "r-1", Served: []string{"stock"}}), &event)
	if event.Node != "run" || event.Emitter != "xy" || event.RequestID != "r-1" || len(event.Served) != 1 {
		t.Errorf("an event was read back as %+v", event)
	}
}

// A long deadline and a view's odd name cost a call nothing: its id and its metadata
// arrive.
func TestLongDeadlinesAndOddNamesLoseNothing(t *testing.T) {
	s := testnats.Start(t)
	type seen struct {
		RequestID, Project string
		Left               time.Duration
	}
	look := bus.NewAction[question, seen]("oracle.look")
	project := bus.NewMetadata("project")
	newNode(t, s.URL(), func(n *bus.Node) {
		look.Handle(n.View("oracle"), func(ctx context.Context, _ question) (seen, error) {
			at, _ := ctx.Deadline()
			return seen{bus.RequestID(ctx), project.Of(ctx), time.Until(at)}, nil
		})
	})
	n := newNode(t, s.URL(), nil)
	ctx := project.With(bus.WithRequestID(t.Context(), "r-1"), "demo")
	distant, cancel := context.WithTimeout(ctx, 25*time.Hour)
	defer cancel()
	for name, call := range map[string]func() (seen, error){
		"a distant deadline": func() (seen, error) { return look.Call(distant, n.View("shop"), question{}) },
		"a long limit": func() (seen, error) {
			return look.With(bus.Timeout(25*time.Hour)).Call(ctx, n.View("shop"), question{})
		},
		"a view of 600 letters":  func() (seen, error) { return look.Call(ctx, n.View(strings.Repeat("a", 600)), question{}) },
		"a view with separators": func() (seen, error) { return look.Call(ctx, n.View("x;y"), question{}) },
	} {
		got, err := call()
		if err != nil || got.RequestID != "r-1" || got.Project != "demo" {
			t.Errorf("%s: the handler saw %+v, %v", name, got, err)
		}
		if strings.HasSuffix(name, "deadline") || strings.HasSuffix(name, "limit") {
			if got.Left < longestLeft-time.Minute || got.Left > longestLeft {
				t.Errorf("%s: it had %s", name, got.Left)
			}
		}
	}
}

// Several headers of metadata are one list, as the standard says; two traces are none.
func TestRepeatedHeaders(t *testing.T) {
	for name, c := range map[string]struct {
		header   nats.Header
		metadata string
	}{
		"two of one name":     {nats.Header{"baggage": {"project=demo", "language=uk"}}, "project=demo,language=uk"},
		"two cases of a name": {nats.Header{"baggage": {"project=demo"}, "BAGGAGE": {"language=uk"}}, "project=demo,language=uk"},
		"too much":            {nats.Header{"baggage": {"project=demo", "x=" + strings.Repeat("m", maxMetadata)}}, "project=demo"},
	} {
		if got := parseEnvelope(c.header); got.metadata != c.metadata {
			t.Errorf("%s: the metadata is %q, want %q", name, got.metadata, c.metadata)
		}
	}
	var p bus.Publication
	in := &inlet{transport: &transport{config: Config{}.withDefaults()}}
	in.transport.callers.node = bus.NewNode(bus.Options{})
	in.interest.Deliver = func(_ *bus.Bus, got bus.Publication) { p = got }
	in.receive(&nats.Msg{Subject: "platform.events.orders.created", Header: nats.Header{"Baggage": {"project=demo", "language=uk"}}}, false)
	if p.Metadata != "project=demo,language=uk" {
		t.Errorf("of an event it is %q", p.Metadata)
	}
}
