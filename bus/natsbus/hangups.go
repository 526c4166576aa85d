package natsbus

import (
	"sync"

	"github.com/nats-io/nats.go"
)

// hangups are the requests being served whose callers can still give up, by the
// subject of the answer.
type hangups struct {
	mu    sync.Mutex
	calls map[string]*arrival
}

func (h *hangups) add(a *arrival) {
	if a.msg.Reply == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.calls == nil {
		h.calls = map[string]*arrival{}
	}
	h.calls[a.msg.Reply] = a
}

// remove forgets a request that was served, and ends its context.
func (h *hangups) remove(a *arrival) {
	h.mu.Lock()
	delete(h.calls, a.msg.Reply)
	h.mu.Unlock()
	a.giveUp()
}

// hang ends the context of a request whose caller does not wait any more.
func (h *hangups) hang(reply string) {
	h.mu.Lock()
	a := h.calls[reply]
	h.mu.Unlock()
	if a != nil {
		a.giveUp()
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
