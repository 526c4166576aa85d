package natsbus

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestEnvelopeIsOneHeader(t *testing.T) {
	e := envelope{left: 3 * time.Second, caller: "shop", requestID: "r-1"}
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
	e.requestID = strings.Repeat("r", 1000)
	if got := parseEnvelope(e.header()); got.left != e.left || got.trace != traceparent || len(got.requestID) != maxID {
		t.Errorf("a long request id was read back as %+v", got)
	}
	e.requestID, e.trace = "r;\r\n1", "a;\nb"
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
