package bustest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/shopanaio/orchestrator/bus"
)

// Link joins nodes of one test as a server joins processes: what one does not serve
// itself is asked of the others, as bytes. It has no socket and no timer of its own,
// so several nodes with their time can stand in a bubble of testing/synctest.
// The zero value is ready to use.
type Link struct {
	mu   sync.Mutex
	ends []*end
	next int // takes turns between instances
}

// Transport makes the end of one node; a node needs one of its own.
func (l *Link) Transport() bus.Transport {
	return &end{link: l, serves: map[string]bool{}, gone: make(chan struct{})}
}

// end is one node's side of a link.
type end struct {
	link *Link
	node *bus.Node

	serving sync.WaitGroup // requests of others
	gone    chan struct{}  // closed with the node

	// The link's lock guards these.
	serves    map[string]bool
	interests []*interest
	closed    bool
}

var errGone = errors.New("the other node has gone")

// Name is "link".
func (e *end) Name() string { return "link" }

// Events carries events.
func (e *end) Events() bus.Carrier { return e }

// Start joins the others.
func (e *end) Start(_ context.Context, n *bus.Node) error {
	e.link.mu.Lock()
	e.node = n
	others := slices.Clone(e.link.ends)
	e.link.ends = append(e.link.ends, e)
	e.link.mu.Unlock()
	for _, other := range others {
		other.node.PeerJoined(e.peer())
		n.PeerJoined(other.peer())
	}
	return nil
}

// peer is the node as the others see it.
func (e *end) peer() bus.Peer {
	p := e.node.Self()
	e.link.mu.Lock()
	defer e.link.mu.Unlock()
	p.Services = slices.Sorted(maps.Keys(e.serves))
	return p
}

// Connected is always true.
func (e *end) Connected() bool { return true }

// Peers are the other ends.
func (e *end) Peers() []bus.Peer {
	var peers []bus.Peer
	for _, other := range e.others() {
		peers = append(peers, other.peer())
	}
	return peers
}

func (e *end) others() []*end {
	e.link.mu.Lock()
	defer e.link.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(e.link.ends), func(other *end) bool { return other == e })
}

// Serve makes services reachable.
func (e *end) Serve(services ...string) error {
	e.link.mu.Lock()
	defer e.link.mu.Unlock()
	for _, service := range services {
		e.serves[service] = true
	}
	return nil
}

// Request asks one of the nodes that serve it, in turn.
func (e *end) Request(ctx context.Context, m bus.Message) ([]byte, error) {
	there := e.link.choose(m.Service, m.Action)
	if there == nil {
		return nil, bus.ErrNobody
	}
	answer := make(chan result, 1)
	go there.serve(ctx, m, answer)
	select {
	case r := <-answer:
		return r.body, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-e.gone:
		return nil, errGone
	}
}

// result is an answer on its way back.
type result struct {
	body []byte
	err  error
}

// choose takes an instance of the service, one that has the action if any has, and
// counts the request as one of its.
func (l *Link) choose(service, action string) *end {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all, able []*end
	for _, e := range l.ends {
		if !e.serves[service] {
			continue
		}
		all = append(all, e)
		if e.node.Handles(action) {
			able = append(able, e)
		}
	}
	if len(able) > 0 {
		all = able
	}
	if len(all) == 0 {
		return nil
	}
	l.next++
	there := all[l.next%len(all)]
	there.serving.Add(1)
	return there
}

// serve is the far side of a request: only what fits a message gets there.
func (e *end) serve(ctx context.Context, m bus.Message, answer chan<- result) {
	defer e.serving.Done()
	r := result{err: bus.Errorf(bus.Internal, "internal error in %s", m.Action)} // if the handler ends the goroutine
	defer func() { answer <- r }()
	// It outlives the request: what is called with it afterwards is a root.
	own, giveUp := context.WithCancel(context.Background())
	if at, ok := ctx.Deadline(); ok {
		own, giveUp = context.WithDeadline(context.Background(), at)
	}
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) { // own has the same
			giveUp()
		}
	})
	defer stop()
	body, err := e.node.Dispatch(own, e.node.View(m.Caller), m)
	r = result{body: body, err: overWire(err)}
}

// overWire makes of an error what a reader on the other side makes of its JSON.
func overWire(err error) error {
	var e *bus.Error
	if !errors.As(err, &e) {
		return err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	there, err := bus.ParseError(text)
	if err != nil {
		return err
	}
	return there
}

// Drain takes no more from others, and waits for what was taken.
func (e *end) Drain(ctx context.Context) error {
	e.retire()
	done := make(chan struct{})
	go func() {
		e.serving.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close leaves the link. Requests of this node that wait end.
func (e *end) Close(context.Context) error {
	e.retire()
	e.link.mu.Lock()
	if !e.closed {
		e.closed = true
		close(e.gone)
	}
	joined := slices.Contains(e.link.ends, e)
	e.link.ends = slices.DeleteFunc(e.link.ends, func(other *end) bool { return other == e })
	e.link.mu.Unlock()
	if !joined {
		return nil
	}
	for _, other := range e.others() {
		other.node.PeerLeft(e.peer(), bus.PeerStopped)
	}
	return nil
}

// retire stops taking requests and events.
func (e *end) retire() {
	e.link.mu.Lock()
	defer e.link.mu.Unlock()
	e.serves, e.interests = map[string]bool{}, nil
}
