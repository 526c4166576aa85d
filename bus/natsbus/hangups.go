package natsbus

import (
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// hangups are the requests of a service that were not answered, by the subject of the
// answer: whose callers can still give up, and who is told when the process ends first.
type hangups struct {
	mu    sync.Mutex
	calls map[string]*arrival // the newest of each subject; the others are behind it
	early early
}

// early are the last ones that no request waits for: most are for another instance, or
// came after the answer, but one in a hundred has overtaken its request, because it
// comes by another subscription.
type early struct {
	replies map[string]time.Time
	order   [256]string
	next    int
}

// maxReply bounds what is remembered of a message that anybody may have written.
const maxReply = 256

// ahead is by how much one may overtake its request.
const ahead = 5 * time.Second

func (e *early) note(reply string) {
	if e.replies == nil {
		e.replies = map[string]time.Time{}
	}
	delete(e.replies, e.order[e.next])
	e.order[e.next] = reply
	e.replies[reply] = time.Now()
	e.next = (e.next + 1) % len(e.order)
}

// take reports whether the request was given up before it came. It holds for one
// request: a program may wait for several at one subject.
func (e *early) take(reply string) bool {
	at, ok := e.replies[reply]
	if ok {
		delete(e.replies, reply)
	}
	return ok && time.Since(at) < ahead
}

// add registers a request. Only one of ours, which waits at a subject of its own, can
// have been given up before: at the subject of any other an earlier one may have waited.
func (h *hangups) add(a *arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.early.replies) > 0 && len(a.msg.Header[callHeader]) > 0 && h.early.take(a.msg.Reply) {
		a.giveUp()
	}
	if h.calls == nil {
		h.calls = map[string]*arrival{}
	}
	a.older = h.calls[a.msg.Reply]
	h.calls[a.msg.Reply] = a
}

// remove forgets a request that was served. Its context does not end with it: what is
// called with it afterwards is a root, as in one process.
func (h *hangups) remove(a *arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	head := h.calls[a.msg.Reply]
	switch {
	case head == a && a.older == nil:
		delete(h.calls, a.msg.Reply)
	case head == a:
		h.calls[a.msg.Reply] = a.older
	default:
		for at := head; at != nil; at = at.older {
			if at.older == a {
				at.older = a.older
				return
			}
		}
	}
}

// hang ends the context of a request whose caller does not wait any more.
func (h *hangups) hang(reply string) {
	if reply == "" || len(reply) > maxReply {
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

// all are the requests that were not answered.
func (h *hangups) all() (list []*arrival) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.calls {
		for ; a != nil; a = a.older {
			list = append(list, a)
		}
	}
	return list
}

// cancelSubject is where callers say that they have given up. All instances of the
// service listen: nobody but the one that serves the request knows which it is.
func (t *transport) cancelSubject(service string) string {
	return t.config.Namespace + ".cancels." + service
}

// hangUp takes the news that a caller has given up: the payload is where it waited.
func (t *transport) hangUp(msg *nats.Msg) {
	if s := t.service(strings.TrimPrefix(msg.Subject, t.cancelSubject(""))); s != nil {
		s.hangups.hang(string(msg.Data))
	}
}

// giveUp lets whoever serves the request know that its caller does not wait any more. It
// is a courtesy, and lost with the connection: the handler has its deadline.
func (t *transport) giveUp(service, inbox string) {
	_ = t.conn.Publish(t.cancelSubject(service), []byte(inbox))
}
