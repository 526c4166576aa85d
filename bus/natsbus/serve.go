package natsbus

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"

	"github.com/shopanaio/orchestrator/bus"
)

// served is a service that other processes reach here.
type served struct {
	transport *transport
	name      string
	id        string // of this instance, for discovery
	started   time.Time
	sub       *nats.Subscription
	cancels   *nats.Subscription
	hangups   hangups

	mu    sync.Mutex
	doors map[string]*door // by action
}

// door bounds the requests of one action and counts them.
type door struct {
	action string
	places chan struct{} // one for each request being served
	inside atomic.Int64  // served or waiting for a place
	tally
}

// Serve makes the actions of a service reachable for other processes.
func (t *transport) Serve(service string) error {
	if err := t.open(service); err != nil {
		return err
	}
	t.presence.changed()
	// What is subscribed only in this client's buffer would still be answered
	// with "no responders" when the service says that it is ready.
	return t.conn.FlushTimeout(flushTime)
}

// open subscribes to the calls of a service, and answers who asks for it.
func (t *transport) open(service string) (err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.draining {
		return fmt.Errorf("the service %s cannot be served over NATS: the process is stopping", service)
	}
	s := &served{transport: t, name: service, id: nuid.Next(), started: time.Now().UTC(), doors: map[string]*door{}}
	if s.sub, err = t.conn.QueueSubscribe(t.config.Namespace+"."+service+".>", service, s.receive); err != nil {
		return fmt.Errorf("subscribing to the calls of %s over NATS: %w", service, err)
	}
	t.services = append(t.services, s)
	if s.cancels, err = t.conn.Subscribe(t.cancelSubject(service), s.hangUp); err != nil {
		return fmt.Errorf("subscribing to the calls of %s that are given up: %w", service, err)
	}
	found, err := t.announce(s)
	t.discovery = append(t.discovery, found...)
	return err
}

// flushTime bounds the wait for a server that has just accepted the connection.
const flushTime = 5 * time.Second

// receive takes a request off the subscription and serves it on a goroutine of
// its own: the subscription would otherwise serve one at a time.
func (s *served) receive(msg *nats.Msg) {
	t := s.transport
	action := strings.TrimPrefix(msg.Subject, t.config.Namespace+".")
	d := s.door(action)
	if d == nil {
		t.respond(msg, nil, bus.Errorf(bus.Unimplemented, "the service %s has no action %s", s.name, action))
		return
	}
	if d.inside.Add(1) > int64(t.config.Concurrency+t.config.Queue) {
		d.inside.Add(-1)
		t.respond(msg, nil, bus.Errorf(bus.ResourceExhausted, "%s has %d requests in progress and takes no more", action, t.config.Concurrency+t.config.Queue))
		return
	}
	t.serving.Add(1)
	t.workers.take(s.arrive(msg, d))
}

// serve answers the request.
func (a *arrival) serve() {
	s, d := a.service, a.door
	defer s.transport.serving.Done()
	defer d.inside.Add(-1)
	defer s.hangups.remove(a)
	if !d.enter(a) {
		return // nobody waits for an answer
	}
	defer func() { <-d.places }()
	began := time.Now()
	var answer []byte
	err := errGone
	defer func() {
		if err == errGone { //nolint:errorlint // the handler ended this goroutine by runtime.Goexit: its caller need not wait for a deadline
			err = bus.Errorf(bus.Internal, "internal error in %s", d.action)
		}
		d.count(time.Since(began), err)
		s.transport.respond(a.msg, answer, err)
	}()
	answer, err = s.transport.dispatch(a)
}

// enter waits for a place, unless the caller gives up or its deadline passes.
func (d *door) enter(a *arrival) bool {
	select {
	case d.places <- struct{}{}:
		return true
	default: // asking for Done costs something
	}
	var late <-chan time.Time
	if !a.at.IsZero() {
		timer := time.NewTimer(time.Until(a.at))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case d.places <- struct{}{}:
		return true
	case <-a.Done():
	case <-late:
	}
	return false
}

// errGone stands for a handler that never came back.
var errGone = errors.New("the handler did not return")

// dispatch hands the request to the node.
func (t *transport) dispatch(a *arrival) ([]byte, error) {
	action := a.door.action
	return t.node.Dispatch(a, t.callers.view(a.caller), bus.Message{
		Service: action[:strings.IndexByte(action, '.')], Action: action,
		Caller: a.caller, RequestID: a.requestID, Trace: a.trace, Metadata: a.metadata, Depth: max(a.depth, 1), Body: a.msg.Data,
	})
}

// respond sends the response or the error to whoever waits for it.
func (t *transport) respond(msg *nats.Msg, answer []byte, err error) {
	if msg.Reply == "" {
		return // sent without asking for an answer
	}
	out := &nats.Msg{Data: answer}
	if err != nil {
		out = failed(err)
	}
	out.Subject = msg.Reply
	if size, limit := payload(out), t.conn.MaxPayload(); size > limit {
		out = failed(bus.Errorf(bus.ResourceExhausted, "the answer takes %d bytes and the NATS server takes %d: ask for less, or raise its max_payload", size, limit))
		out.Subject = msg.Reply
	}
	if err := t.conn.PublishMsg(out); err != nil {
		t.config.Logger.Error("an answer could not be sent over NATS",
			slog.String("subject", msg.Subject), slog.String("error", err.Error()))
	}
}

// door is the bound of an action, nil for one that the service does not have:
// a subject that anybody may write to must not make memory grow.
func (s *served) door(action string) *door {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.doors[action]; d != nil {
		return d
	}
	if !s.transport.handles(action) {
		return nil
	}
	d := &door{action: action, places: make(chan struct{}, s.transport.config.Concurrency)}
	s.doors[action] = d
	return d
}

// handles reports whether this process has a handler of the action.
func (t *transport) handles(action string) bool {
	for _, a := range t.node.Actions() {
		if a.Name == action {
			return a.Handled
		}
	}
	return false
}
