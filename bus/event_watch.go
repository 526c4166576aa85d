package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Notice is an event as a watcher sees it.
type Notice struct {
	Event     string          `json:"event"` // "orders.created"
	Emitter   string          `json:"emitter"`
	RequestID string          `json:"requestId"`
	Broadcast bool            `json:"broadcast,omitempty"`
	Body      json.RawMessage `json:"body"`
}

// patternForm is what patterns of events look like.
var patternForm = regexp.MustCompile(`^(>|(\*|[a-z][a-z0-9_-]*)\.(>|\*|[A-Za-z][A-Za-z0-9_]*))$`)

// SubscribeAll shows h the events that match a pattern, of every service and every
// process in reach, emitted or broadcast, each once, until stop is called. It takes
// nothing away from subscribers. A pattern is an event's name, in which * stands
// for a word and > for all that follows: ">", "orders.>", "*.created".
//
// A watcher has a queue like a subscriber, and its handler the same promises. It
// may begin and end at any time; before the service of b has started it sees
// nothing. While there is one, the events that match are encoded as JSON. The error
// is about the pattern, the options, or the transport; there is nothing to stop then.
func (b *Bus) SubscribeAll(pattern string, h func(ctx context.Context, n Notice) error, opts ...SubscribeOption) (stop func(), err error) {
	n := b.node
	s := newSubscription(b, pattern, caller(1), h, opts)
	s.deliver = func(from *Bus, p Publication) { notice(s, from, p) }
	if err := watchMistake(s, h == nil); err != nil {
		return nil, err
	}
	n.mu.Lock()
	if n.stop.Load()&stopped != 0 {
		n.mu.Unlock()
		return nil, Errorf(Unavailable, "%s cannot be watched any more: the node is closed", pattern)
	}
	n.join(s)
	n.watchAll()
	late := n.unlinked([]listener{s})
	n.mu.Unlock()
	if err := n.listen(late); err != nil {
		n.dismiss(s)
		return nil, err
	}
	return func() { n.dismiss(s) }, nil
}

func watchMistake(s *subscription[Notice], noHandler bool) error {
	switch {
	case noHandler:
		return fmt.Errorf("%s: the watcher of %s has no handler", s.position, s.name)
	case s.limit < 1:
		return fmt.Errorf("%s: the queue of the watcher of %s cannot hold %d events: at least 1 has to wait", s.position, s.name, s.limit)
	case !patternForm.MatchString(s.name):
		return fmt.Errorf("%s: %q is no pattern of events: write a name, or * for a word of it, or > for all that follow", s.position, s.name)
	}
	return nil
}

// notice takes an event from another node. What this one emitted it has seen, and what
// never leaves its process did not come from one.
func notice(s *subscription[Notice], from *Bus, p Publication) {
	service, _, _ := strings.Cut(p.Event, ".")
	if p.Node == s.node.instance || service == busService || s.node.keeps(p.Event) {
		return
	}
	e := &edge{node: s.node, caller: from.owner, seat: &seat{name: p.Event, service: service}}
	s.take(Notice{Event: p.Event, Emitter: from.owner, RequestID: p.RequestID, Broadcast: p.Everywhere, Body: bytes.Clone(p.Body)}, e, p)
}

// keeps reports whether an event is known here as one that stays in its process.
func (n *Node) keeps(event string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.topics[event]
	return s != nil && s.contract.event.local
}

// matches reports whether an event is one that a pattern stands for.
func matches(pattern, event string) bool {
	service, name, _ := strings.Cut(event, ".")
	of, what, both := strings.Cut(pattern, ".")
	if !both {
		return pattern == ">"
	}
	return (of == "*" || of == service) && (what == "*" || what == ">" || what == name)
}

// watch gives the audience of a new event those who watch it. The lock is held.
func (n *Node) watch(s *seat) {
	a, ok := s.target.(interface{ watched() *watchers })
	if !ok {
		return
	}
	var list []*subscription[Notice]
	for _, l := range n.listeners {
		if o, ok := l.(*subscription[Notice]); ok && o.watches() && matches(o.name, s.name) {
			list = append(list, o)
		}
	}
	if list == nil {
		a.watched().list.Store(nil)
		return
	}
	a.watched().list.Store(&list)
}

// watchAll gives all audiences those who watch them. The lock is held.
func (n *Node) watchAll() {
	for _, s := range n.topics {
		n.watch(s)
	}
}

// dismiss ends a watcher, and keeps what it counted.
func (n *Node) dismiss(s *subscription[Notice]) {
	n.mu.Lock()
	at := slices.Index(n.listeners, listener(s))
	if at < 0 {
		n.mu.Unlock()
		return
	}
	n.listeners = slices.Delete(slices.Clone(n.listeners), at, at+1)
	n.watchAll()
	s.close(Stopping)
	n.retire(s)
	inlets := s.unlink()
	n.mu.Unlock()
	n.stopAll(inlets)
}
