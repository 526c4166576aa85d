package natsbus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// Name is the word for this transport in settings.
const Name = "nats"

// Transport is what a generated main lists.
var Transport = bus.Transporter{Name: Name, Open: open}

func open(s bus.TransportSettings) (bus.Transport, error) {
	config := Config{}.withDefaults()
	config.HeartbeatTimeout = 0 // depends on the interval
	if s.Decode != nil {
		if err := s.Decode(&config); err != nil {
			return nil, err
		}
	}
	config.HeartbeatTimeout = orDefault(config.HeartbeatTimeout, defaultTimeout(config.HeartbeatInterval))
	config.URL, config.Namespace = orDefault(s.Address, config.URL), orDefault(s.Namespace, config.Namespace)
	config.Logger = cmp.Or(s.Logger, config.Logger)
	return newTransport(config)
}

// transport is the bus's way to other processes over one NATS connection.
type transport struct {
	config Config

	node     *bus.Node
	conn     *nats.Conn
	pending  *pending
	presence *presence
	callers  callers
	workers  workers
	serving  sync.WaitGroup // requests that were delivered and not yet answered
	// up says that the connection is there. nats.go knows too, but keeps whoever asks
	// waiting while it tries to connect: for 2 s at a time, where nobody answers.
	up     atomic.Bool
	socket atomic.Pointer[socket] // of the connection that was opened last
	// unknown says that the server refused this process's credentials since the
	// connection was last there.
	unknown atomic.Bool
	closing atomic.Bool
	denials denials

	// over says that what is still being served is cut off.
	over    atomic.Bool
	desk    desk
	streams complaints // streams that cover our subjects

	mu       sync.Mutex
	services map[string]*served
	inlets   []*inlet
	shared   []*nats.Subscription // of all services
	draining bool
}

// New makes a transport. It does not connect: that is Start. The error says what
// is wrong with the configuration.
func New(config Config) (bus.Transport, error) {
	return newTransport(config.withDefaults())
}

// newTransport is New for a configuration in which nothing stands for a default.
func newTransport(config Config) (bus.Transport, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	t := &transport{config: config, services: map[string]*served{}}
	t.pending = newPending(t.captured)
	t.presence = newPresence(t)
	t.callers.known = t.presence.peers.serve
	return t, nil
}

// Name is "nats".
func (t *transport) Name() string { return Name }

// Start connects. While NATS cannot be reached it logs so and tries again until
// ctx ends, or returns the error if the configuration says FailFast. It fails when
// another process runs under the id of the node.
func (t *transport) Start(ctx context.Context, n *bus.Node) error {
	t.node = n
	t.callers.node = n
	conn, err := t.connect(ctx)
	if err != nil {
		return err
	}
	t.conn = conn
	if err := t.pending.subscribe(conn); err != nil {
		return err
	}
	if err := errors.Join(t.flush(ctx), t.permitted("no call over NATS would get an answer", t.pending.inbox+"*")); err != nil {
		return err
	}
	return t.presence.join(ctx)
}

// Drain ends the subscriptions of all services and to all events, waits until every
// request that was delivered has been answered, and until the answers have reached
// the server; events that were delivered are in their subscribers' queues then. When ctx
// ends first, whoever waits for one that is not is answered: what was begun may have
// been done, the rest was not.
// Requests and events of this process still go out.
func (t *transport) Drain(ctx context.Context) error {
	if t.conn == nil {
		return nil
	}
	t.presence.leave()
	err := drainAll(ctx, t.conn, t.retire())
	if err == nil {
		err = t.awaitAnswers(ctx)
	}
	if err == nil {
		return t.flush(ctx)
	}
	if ctx.Err() != nil {
		t.abandon()
	}
	return err
}

// abandon answers every request that is being served or waits for a place, and gives
// them.
func (t *transport) abandon() (left []*arrival) {
	t.over.Store(true) // before the look: what comes later answers for itself
	for _, s := range t.all() {
		left = append(left, s.hangups.all()...)
	}
	for _, a := range left {
		a.abandon()
	}
	return left
}

// retire stops taking anything new, and gives the subscriptions that are there.
func (t *transport) retire() []*nats.Subscription {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.draining = true
	subs := slices.Clone(t.shared)
	for _, s := range t.services {
		subs = append(subs, s.subs...)
	}
	for _, in := range t.inlets {
		for _, p := range in.taps {
			subs = append(subs, p.sub)
		}
	}
	return subs
}

// all are the services that other nodes reach here.
func (t *transport) all() []*served {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Collect(maps.Values(t.services))
}

// service is one of them, nil if it is not.
func (t *transport) service(name string) *served {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.services[name]
}

// awaitAnswers waits for the handlers of what was delivered.
func (t *transport) awaitAnswers(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		t.serving.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("requests that came over NATS are still being served: %w", ctx.Err())
	}
}

// drainAll unsubscribes and waits until what was delivered went to the handlers.
// When the connection is away, or goes away meanwhile, nothing can arrive any
// more, and the server will not confirm: there is nothing to wait for then.
func drainAll(ctx context.Context, conn *nats.Conn, subs []*nats.Subscription) error {
	gone := conn.StatusChanged(nats.RECONNECTING, nats.DISCONNECTED, nats.CLOSED)
	defer conn.RemoveStatusListener(gone)
	ends := make([]<-chan nats.SubStatus, 0, len(subs))
	for _, sub := range subs {
		if !conn.IsConnected() {
			return nil
		}
		end := sub.StatusChanged(nats.SubscriptionClosed)
		if err := sub.Drain(); err != nil {
			if errors.Is(err, nats.ErrBadSubscription) || errors.Is(err, nats.ErrConnectionClosed) || !conn.IsConnected() {
				continue // gone already
			}
			return fmt.Errorf("draining the NATS subscription %s: %w", sub.Subject, err)
		}
		ends = append(ends, end)
	}
	for _, end := range ends {
		select {
		case <-end:
		case <-gone:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("draining the NATS subscriptions: %w", ctx.Err())
		}
	}
	return nil
}

// flush waits until the server has all that was sent; a connection that is down
// has nothing to flush. It looks again from time to time: a flush that begins just
// after the connection was lost is told of nothing.
func (t *transport) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	for t.conn.IsConnected() {
		err := t.flushWithin(ctx, flushTime/20)
		switch {
		case err == nil, errors.Is(err, nats.ErrConnectionClosed):
			return nil
		case ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("flushing to NATS: %w", err)
		}
	}
	return nil
}

func (t *transport) flushWithin(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return t.conn.FlushWithContext(ctx)
}

// Close ends what is still being served, flushes and disconnects. Calls that still wait
// end as Unavailable, here and where they came from.
func (t *transport) Close(ctx context.Context) error {
	if t.conn == nil {
		return nil
	}
	// A server that only sees the connection end goes on sending requests to it for
	// a moment, and whoever sent them waits for their whole deadline.
	for _, sub := range t.retire() {
		_ = sub.Unsubscribe() // fails where it was drained
	}
	t.presence.close()
	for _, a := range t.abandon() {
		a.giveUp()
	}
	t.desk.close()
	t.workers.stop()
	err := t.flush(ctx)
	t.up.Store(false)
	t.closing.Store(true)
	t.conn.Close()
	t.pending.lose(errClosed)
	return err
}

// Peers are the nodes that were heard of lately.
func (t *transport) Peers() []bus.Peer { return t.presence.peers.list() }

// serves are the names of the services that other nodes reach here.
func (t *transport) serves() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Sorted(maps.Keys(t.services))
}

// Connected reports whether the connection is up, and the server allows what the
// services here need, for readiness.
func (t *transport) Connected() bool { return t.up.Load() && t.denials.fit() }
