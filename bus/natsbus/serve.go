package natsbus

import (
	"context"
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
	here      string // what begins the subjects of this instance alone
	subs      []*nats.Subscription
	hangups   hangups

	mu        sync.Mutex
	endpoints map[string]*endpoint // by action
}

// endpoint bounds the requests of one action and counts them.
type endpoint struct {
	action string
	places chan struct{} // one for each request being served
	inside atomic.Int64  // served or waiting for a place
	tally
}

// Serve makes the actions of services reachable for other processes. While NATS is away
// they are so as soon as it is back.
func (t *transport) Serve(services ...string) error {
	for _, service := range services {
		if err := t.open(service); err != nil {
			return err
		}
	}
	t.presence.changed()
	if err := t.subscribed(strings.Join(services, ", ")); err != nil {
		return err
	}
	var errs []error
	for _, service := range services {
		errs = append(errs, t.permitted("nobody could call "+service+" over NATS", t.config.Namespace+"."+service+".>"))
	}
	return errors.Join(errs...)
}

// subscribed waits until the server knows of what was subscribed: what is only in this
// client's buffer would still be answered with "no responders" when the service says that
// it is ready. What the server does not know when the connection is lost it learns with
// the next one.
func (t *transport) subscribed(what string) error {
	if !t.up.Load() {
		t.config.Logger.Warn("NATS is not connected: what was subscribed to is reachable when it is back", slog.String("for", what))
		return nil
	}
	if err := t.flush(context.Background()); err != nil {
		return fmt.Errorf("the NATS server did not confirm the subscriptions of %s: %w", what, err)
	}
	return nil
}

// open subscribes to the calls of a service, and answers who asks for it.
func (t *transport) open(service string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.draining {
		return fmt.Errorf("the service %s cannot be served over NATS: the process is stopping", service)
	}
	if err := t.attend(); err != nil {
		return err
	}
	s := &served{transport: t, name: service, id: nuid.Next(), started: time.Now().UTC(), endpoints: map[string]*endpoint{}}
	s.here = t.instanceSubject(service, t.presence.self.Run)
	t.services[service] = s
	return errors.Join(
		s.keep(t.conn.QueueSubscribe(t.config.Namespace+"."+service+".>", service, s.receive)),
		s.keep(t.conn.Subscribe(s.here+"*", s.receiveHere)),
		s.announce(),
	)
}

// keep notes a subscription that ends with the service.
func (s *served) keep(sub *nats.Subscription, err error) error {
	if err != nil {
		return fmt.Errorf("subscribing to what is for %s over NATS: %w", s.name, err)
	}
	s.subs = append(s.subs, sub)
	return nil
}

// attend subscribes to what is for all services of the process. The lock is held.
func (t *transport) attend() (err error) {
	if len(t.services) > 0 {
		return nil
	}
	cancels, err := t.conn.Subscribe(t.cancelSubject("*"), t.hangUp)
	if err == nil {
		t.shared = append(t.shared, cancels)
		err = t.desk.open(t)
	}
	if err != nil {
		return fmt.Errorf("subscribing to what is for all services over NATS: %w", err)
	}
	return nil
}

// flushTime bounds the wait for a server that has just accepted the connection.
const flushTime = 5 * time.Second

// receive takes a request off the subscription of all instances.
func (s *served) receive(msg *nats.Msg) {
	s.take(msg, strings.TrimPrefix(msg.Subject, s.transport.config.Namespace+"."))
}

// receiveHere takes a request that is for this instance.
func (s *served) receiveHere(msg *nats.Msg) {
	s.take(msg, s.name+"."+strings.TrimPrefix(msg.Subject, s.here))
}

// take serves a request on a goroutine of its own: the subscription would otherwise
// serve one at a time.
func (s *served) take(msg *nats.Msg, action string) {
	t := s.transport
	d := s.endpoint(action)
	if d == nil {
		t.refuse(msg, t.node.Unserved(cut(action, maxID)))
		return
	}
	if d.inside.Add(1) > int64(t.config.Concurrency+t.config.Queue) {
		d.inside.Add(-1)
		full := bus.Errorf(bus.ResourceExhausted, "%s has %d requests in progress and takes no more", action, t.config.Concurrency+t.config.Queue)
		full.Retryable = true // nothing was done
		t.refuse(msg, full)
		return
	}
	t.serving.Add(1)
	a := s.arrive(msg, d)
	if t.over.Load() { // it was registered after the others were ended
		a.abandon()
	}
	t.workers.take(a)
}

// serve answers the request.
func (a *arrival) serve() {
	s, d := a.service, a.endpoint
	defer s.transport.serving.Done()
	defer d.inside.Add(-1)
	defer s.hangups.remove(a)
	if !d.enter(a) {
		return // nobody waits for an answer
	}
	defer func() { <-d.places }()
	if !a.begin() {
		return // it was answered while it waited
	}
	began := time.Now()
	var answer []byte
	err := errGone
	defer func() {
		if err == errGone { //nolint:errorlint // the handler ended this goroutine by runtime.Goexit: its caller need not wait for a deadline
			err = bus.Errorf(bus.Internal, "internal error in %s", d.action)
		}
		d.count(time.Since(began), err)
		if a.wasCut(err) {
			err = a.cutOff()
		}
		if a.settle() == begun {
			s.transport.respond(a.msg, answer, err)
		}
	}()
	answer, err = s.transport.dispatch(a)
}

// enter waits for a place, unless the caller gives up or its deadline passes.
func (d *endpoint) enter(a *arrival) bool {
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
	action := a.endpoint.action
	return t.node.Dispatch(a, t.callers.view(a.caller), bus.Message{
		Service: action[:strings.IndexByte(action, '.')], Action: action,
		Caller: a.caller, RequestID: a.requestID, Trace: a.trace, Metadata: a.metadata, Depth: max(a.depth, 1), Body: a.msg.Data,
	})
}

// endpoint is the bound of an action, nil for one that the service does not have:
// a subject that anybody may write to must not make memory grow.
func (s *served) endpoint(action string) *endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.endpoints[action]; d != nil {
		return d
	}
	if !s.transport.node.Handles(action) {
		return nil
	}
	d := &endpoint{action: action, places: make(chan struct{}, s.transport.config.Concurrency)}
	s.endpoints[action] = d
	return d
}

// known is the bound of an action that was called already, nil for any other.
func (s *served) known(action string) *endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.endpoints[action]
}
