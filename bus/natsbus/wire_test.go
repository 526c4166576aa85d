package natsbus

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestEnvelopeIsOneHeader(t *testing.T) {
	e := envelope{left: 3 * time.Second, caller: "shop", requestID: "r-1", depth: 1}
	if got := e.header()[callHeader][0]; got != "3000000;shop;r-1" {
		t.Errorf("without a trace it is %q", got)
	}
	e.trace = traceparent
	h := e.header()
	if got := h[callHeader][0]; len(h) != 1 || got != "3000000;shop;r-1;"+traceparent {
		t.Errorf("with a trace it is %q", h)
	}
	if got := parseEnvelope(h); got != e {
		t.Errorf("read back as %+v", got)
	}
	e.metadata = "project=demo,language=%D1%83%D0%BA"
	if got := parseEnvelope(e.header()); got != e {
		t.Errorf("with metadata it is read back as %+v", got)
	}
	e.trace = ""
	if got := parseEnvelope(e.header()); got != e || len(e.header()) != 1 {
		t.Errorf("with metadata and no trace it is read back as %+v", got)
	}
	e.trace, e.metadata = traceparent, strings.Repeat("m", maxMetadata/2)
	e.requestID = strings.Repeat("r", 1000)
	if got := parseEnvelope(e.header()); got.left != e.left || got.trace != traceparent || len(got.requestID) != maxID || got.metadata != e.metadata {
		t.Errorf("a long request id was read back as %+v", got)
	}
	e.requestID, e.trace, e.metadata = "r;\r\n1", "a;\nb", ""
	if got := parseEnvelope(e.header()); got.requestID != "r1" || got.trace != "ab" || got.caller != "shop" {
		t.Errorf("separators were read back as %+v", got)
	}
}

func TestTraceOfForeignCallers(t *testing.T) {
	for name, c := range map[string]struct {
		header nats.Header
		want   string
	}{
		"nothing":         {nil, ""},
		"the standard":    {nats.Header{"traceparent": {traceparent}}, traceparent},
		"Go's http":       {nats.Header{"Traceparent": {traceparent}}, traceparent},
		"ours goes first": {nats.Header{callHeader: {"1;shop;r;" + traceparent}, "traceparent": {"other"}}, traceparent},
		"both":            {nats.Header{callHeader: {"1;shop;r"}, "traceparent": {traceparent}}, traceparent},
		"two of it":       {nats.Header{"traceparent": {traceparent, traceparent}}, ""},
		"too long":        {nats.Header{"traceparent": {strings.Repeat("0", maxEnvelope+1)}}, ""},
	} {
		if got := parseEnvelope(c.header); got.trace != c.want {
			t.Errorf("%s: the trace is %q, want %q", name, got.trace, c.want)
		}
	}
}

// Metadata of programs that are not ours stands where the standard says.
func TestMetadataOfForeignCallers(t *testing.T) {
	for name, c := range map[string]struct {
		header nats.Header
		want   string
	}{
		"nothing":         {nats.Header{}, ""},
		"the standard":    {nats.Header{"baggage": {"project=demo"}}, "project=demo"},
		"Go's http":       {nats.Header{"Baggage": {"project=demo"}, "traceparent": {traceparent}}, "project=demo"},
		"ours goes first": {nats.Header{callHeader: {"1;shop;r;;project=ours"}, "baggage": {"project=demo"}}, "project=ours"},
		"too long":        {nats.Header{"baggage": {strings.Repeat("m", maxMetadata+1)}}, ""},
		"too long here":   {nats.Header{callHeader: {"1;shop;r;;" + strings.Repeat("m", maxMetadata+maxEnvelope)}}, ""},
	} {
		if got := parseEnvelope(c.header); got.metadata != c.want {
			t.Errorf("%s: the metadata is %q, want %q", name, got.metadata, c.want)
		}
	}
}

// The trace and the metadata of an event stand beside a header that builds of every age
// read.
func TestTraceOfEvents(t *testing.T) {
	sent := bus.Publication{Node: "run", Emitter: "orders", RequestID: "r-1", Served: []string{"stock", "mail"}}
	want := nats.Header{eventHeader: {"run;orders;r-1;stock,mail"}}
	if got := notice(sent); !reflect.DeepEqual(got, want) {
		t.Errorf("without a trace the headers are %q", got)
	}
	sent.Trace, sent.Metadata = traceparent+"\r\n", "project=demo"
	want["traceparent"], want["baggage"] = []string{traceparent}, []string{"project=demo"}
	if got := notice(sent); !reflect.DeepEqual(got, want) {
		t.Errorf("with a trace they are %q, want %q", got, want)
	}
	for name, h := range map[string]nats.Header{"ours": notice(sent), "of Go's http": {"Traceparent": {traceparent}, "Baggage": {"project=demo"}}} {
		in := &inlet{transport: &transport{config: Config{}.withDefaults()}}
		in.transport.callers.node = bus.NewNode(bus.Options{})
		var got bus.Publication
		in.interest.Deliver = func(_ *bus.Bus, p bus.Publication) { got = p }
		in.receive(&nats.Msg{Subject: "platform.events.orders.created", Header: h}, false)
		if got.Trace != traceparent || got.Metadata != "project=demo" || got.Event != "orders.created" {
			t.Errorf("%s was read as %+v", name, got)
		}
	}
}
