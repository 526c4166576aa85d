package natsbus

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go"
)

// hangups are the requests being served whose callers can still give up, by the
// subject of the answer.
type hangups struct {
	mu    sync.Mutex
	calls map[string]context.CancelFunc
}

func (h *hangups) add(reply string, cancel context.CancelFunc) {
	if reply == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.calls == nil {
		h.calls = map[string]context.CancelFunc{}
	}
	h.calls[reply] = cancel
}

func (h *hangups) remove(reply string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.calls, reply)
}

// hang ends the context of a request whose caller does not wait any more.
func (h *hangups) hang(reply string) {
	h.mu.Lock()
	cancel := h.calls[reply]
	h.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// cancelSubject is where callers say that they have given up. All instances of the
// service listen: nobody but the one that serves the request knows which it is.
func (t *transport) cancelSubject(service string) string {
	return t.config.Namespace + ".cancels." + service
}

// hangUp takes the news that a caller has given up: the payload is where it waited.
func (s *served) hangUp(msg *nats.Msg) { s.hangups.hang(string(msg.Data)) }

// giveUp tells whoever serves the request that its caller does not wait any more. It
// is a courtesy, and lost with the connection: the handler has its deadline.
func (t *transport) giveUp(service, inbox string) {
	_ = t.conn.Publish(t.cancelSubject(service), []byte(inbox))
}
