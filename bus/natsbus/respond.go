package natsbus

import (
	"context"
	"log/slog"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// respond sends the response or the error to whoever waits for it.
func (t *transport) respond(msg *nats.Msg, answer []byte, err error) {
	if err != nil {
		t.reply(msg, failed(err))
		return
	}
	t.reply(msg, responded(answer))
}

// refuse answers a request whose handler did not run, and will not: another instance may
// serve it.
func (t *transport) refuse(msg *nats.Msg, why *bus.Error) {
	out := failed(why)
	out.Header[refusedHeader] = []string{t.presence.self.Run}
	t.reply(msg, out)
}

// reply sends what was made to whoever waits for it, or as much as the server takes.
func (t *transport) reply(msg, out *nats.Msg) {
	if msg.Reply == "" {
		return // sent without asking for an answer
	}
	out.Subject = msg.Reply
	if size, limit := payload(out), t.conn.MaxPayload(); size > limit {
		out = oversized(out, size, limit)
		out.Subject = msg.Reply
	}
	if err := t.transmit(context.Background(), out, flushTime); err != nil {
		t.config.Logger.Error("an answer could not be sent over NATS",
			slog.String("subject", msg.Subject), slog.String("error", err.Error()))
	}
}

// maxText bounds the message of an error that does not fit as it is.
const maxText = 1024

// oversized takes the place of an answer that is too large. An error keeps its code and
// reason, and loses its details and the end of its message.
func oversized(out *nats.Msg, size, limit int64) *nats.Msg {
	if err, parseErr := bus.ParseError(out.Data); out.Header != nil && parseErr == nil {
		short := *err
		short.Message, short.Details = cut(err.Message, maxText), nil
		return failed(&short)
	}
	return failed(bus.Errorf(bus.ResourceExhausted, "the answer takes %d bytes and the NATS server takes %d: ask for less, or raise its max_payload", size, limit))
}
