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
	early early
}

// early are the last ones that no request waits for: most are for another instance, or
// came after the answer, but one in a hundred has overtaken its request, because it
// comes by another subscription.
type early struct {
	replies map[string]bool
	order   [256]string
	next    int
}

// maxReply bounds what is remembered of a message that anybody may have written.
const maxReply = 256

func (e *early) note(reply string) {
	if e.replies == nil {
		e.replies = map[string]bool{}
	}
	delete(e.replies, e.order[e.next])
	e.order[e.next] = reply
	e.replies[reply] = true
	e.next = (e.next + 1) % len(e.order)
}

func (h *hangups) add(a *arrival) {
	if a.msg.Reply == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.early.replies[a.msg.Reply] {
		a.giveUp()
		return
	}
	if h.calls == nil {
		h.calls = map[string]*arrival{}
	}
	h.calls[a.msg.Reply] = a
}

// remove forgets a request that was served. Its context does not end with it: what is
// called with it afterwards is a root, as in one process.
func (h *hangups) remove(a *arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.calls[a.msg.Reply] == a { // a program may use one subject for several
		delete(h.calls, a.msg.Reply)
	}
}

// hang ends the context of a request whose caller does not wait any more.
func (h *hangups) hang(reply string) {
	if len(reply) > maxReply {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.calls[reply]; a != nil {
		a.giveUp()
		return
	}
	h.early.note(reply)
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
