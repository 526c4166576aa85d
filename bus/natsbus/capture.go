package natsbus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"
)

// A JetStream stream whose subjects cover those of requests stores each request, and
// acknowledges it to the subject on which its caller waits for the service: faster than
// any service, and as JSON that decodes into most responses.

// acknowledgement is what a stream answers, and all that it may say.
type acknowledgement struct {
	Stream    string          `json:"stream"`
	Sequence  uint64          `json:"seq"`
	Domain    string          `json:"domain"`
	Duplicate bool            `json:"duplicate"`
	Value     string          `json:"val"`
	Batch     string          `json:"batch"`
	Count     uint64          `json:"count"`
	Error     json.RawMessage `json:"error"`
}

// maxAcknowledgement bounds what is looked at.
const maxAcknowledgement = 2048

// streamOf is the stream that acknowledges a message by this answer, "" for any other
// answer. A response of ours that looks alike has a header, which a stream's has not.
func streamOf(msg *nats.Msg) string {
	if len(msg.Header) > 0 {
		return ""
	}
	return acknowledgedBy(msg.Data)
}

func acknowledgedBy(body []byte) string {
	if !bytes.HasPrefix(body, []byte(`{"stream":"`)) && !bytes.HasPrefix(body, []byte(`{"error":{"code":`)) || len(body) > maxAcknowledgement {
		return ""
	}
	var a acknowledgement
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if d.Decode(&a) != nil || a.Sequence == 0 && a.Error == nil {
		return ""
	}
	return a.Stream
}

// responseHeader marks a response that could be taken for an acknowledgement.
const responseHeader = "Bus-Response"

// responded is the message of a response.
func responded(body []byte) *nats.Msg {
	msg := &nats.Msg{Data: body}
	if acknowledgedBy(body) != "" {
		msg.Header = nats.Header{responseHeader: {"1"}}
	}
	return msg
}

// capturedError ends a call that nobody but a stream is known to have got.
func capturedError(stream string) error {
	return fmt.Errorf("the JetStream stream %s covers its subject and answered in the place of the service, which no node in reach runs: take the subject out of the stream's, or give the stream no_ack", stream)
}

// captured hears of a stream that took a request of the service, and reports whether
// somebody else is there to answer it: then the acknowledgement is nothing to the call.
func (t *transport) captured(service, stream string) bool {
	if t.streams.first(stream) {
		t.config.Logger.Error("a JetStream stream covers the subjects of calls: it stores requests and answers in the place of services; take these subjects out of the stream's, or give it no_ack",
			slog.String("stream", stream), slog.String("service", service), slog.String("namespace", t.config.Namespace))
	}
	return t.presence.peers.serve(service) || slices.Contains(t.serves(), service)
}

// complaints are what was complained of already: once is enough.
type complaints struct {
	mu   sync.Mutex
	made map[string]bool
}

// first reports whether the thing is new. Beyond maxPeers nothing is: whoever may send
// messages can make some up.
func (c *complaints) first(about string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made[about] || len(c.made) >= maxPeers {
		return false
	}
	if c.made == nil {
		c.made = map[string]bool{}
	}
	c.made[about] = true
	return true
}
