package natsbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// eventHeader carries everything the bus adds to an event, in one short header.
const eventHeader = "Bus-Event"

// eventBytes bounds what of one subscription lies in memory before it is queued.
const eventBytes = 32 << 20

// Events is the transport itself.
func (t *transport) Events() bus.Carrier { return t }

// eventSubject is where an event is published, apart from broadcasts: those go to
// all who listen, these to one in each queue group.
func (t *transport) eventSubject(event string, everywhere bool) string {
	if everywhere {
		return t.config.Namespace + ".broadcasts." + event
	}
	return t.config.Namespace + ".events." + event
}

// Publish sends an event. It is with the server some time after, or already if it is
// Flushed.
func (t *transport) Publish(ctx context.Context, p bus.Publication) error {
	switch {
	case t.conn == nil:
		return bus.Errorf(bus.Unavailable, "%s cannot be sent to other processes: NATS is not connected yet", p.Event)
	case !t.up.Load():
		return unavailable(p.Event, "cannot be sent to other processes: NATS is not connected", nats.ErrReconnectBufExceeded)
	case p.Flushed:
		return t.confirmed(ctx, p, func() error { return t.publish(ctx, p) })
	default:
		return t.publish(ctx, p)
	}
}

// publish gives an event to the connection.
func (t *transport) publish(ctx context.Context, p bus.Publication) error {
	msg := &nats.Msg{
		Subject: t.eventSubject(p.Event, p.Everywhere),
		Data:    p.Body,
		Header:  notice(p),
	}
	if len(msg.Subject) > maxSubject {
		return tooLong(p.Event, msg.Subject)
	}
	if size, limit := payload(msg), t.conn.MaxPayload(); size > limit {
		return bus.Errorf(bus.ResourceExhausted, "%s takes %d bytes and the NATS server takes %d: send less, or raise its max_payload", p.Event, size, limit)
	}
	switch err := t.transmit(ctx, msg, flushTime); {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errSlow):
		return bus.Errorf(bus.ResourceExhausted, "%s was not sent: %s", p.Event, err)
	case errors.Is(err, nats.ErrMaxPayload):
		return bus.Errorf(bus.ResourceExhausted, "%s is larger than the NATS server takes: send less, or raise its max_payload", p.Event)
	default:
		return unavailable(p.Event, "cannot be sent to other processes: NATS is not connected", err)
	}
}

// notice writes the headers of an event: from which run of a process, by whom, in
// which request, and who has got it already. The trace has a header of its own: a peer
// that does not know it would not understand a fifth part of the first one.
func notice(p bus.Publication) nats.Header {
	from := p.Node + ";" + field(p.Emitter, maxCaller) + ";" + field(p.RequestID, maxID) + ";"
	h := nats.Header{eventHeader: {from + strings.Join(p.Served, ",")}}
	if p.Trace != "" {
		h[traceHeader] = []string{field(p.Trace, maxEnvelope)}
	}
	if p.Metadata != "" {
		h[metadataHeader] = []string{p.Metadata}
	}
	return h
}

// What is read of the services in it: a comma costs sixteen times what it takes to send.
const (
	maxServed = 512
	maxNotice = maxServed * maxCaller
)

// parseNotice reads the header of an event; an event without one, or with one that
// nobody of ours wrote, comes from a stranger.
func parseNotice(h nats.Header, p *bus.Publication) {
	node, rest, _ := strings.Cut(first(h, eventHeader), ";")
	emitter, rest, _ := strings.Cut(rest, ";")
	id, rest, ok := strings.Cut(rest, ";")
	if !ok {
		return
	}
	p.Node, p.Emitter, p.RequestID = cut(node, maxCaller), cut(emitter, maxCaller), cut(id, maxID)
	served, _, _ := strings.Cut(rest, ";") // later builds may say more
	for name := range strings.SplitSeq(fitting(served, maxNotice), ",") {
		if name != "" && len(name) <= maxCaller && len(p.Served) < maxServed {
			p.Served = append(p.Served, name)
		}
	}
}

// Subscribe listens where the interest can be met: one of the queue group gets what
// is emitted, everybody what is broadcast, and a watcher all.
func (t *transport) Subscribe(i bus.Interest) (bus.Inlet, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.draining {
		return nil, fmt.Errorf("%s cannot be subscribed to over NATS: the process is stopping", i.Event)
	}
	in := &inlet{transport: t, interest: i}
	group := i.Service
	if i.All {
		group = ""
	}
	for _, s := range []struct {
		group      string
		everywhere bool
	}{{group, false}, {"", true}} {
		if err := in.listen(s.group, s.everywhere); err != nil {
			return nil, errors.Join(err, in.Stop())
		}
	}
	t.inlets = append(t.inlets, in)
	if err := t.subscribed(i.Event); err != nil {
		return in, err
	}
	return in, t.permitted(i.Service+" would not hear "+i.Event+" over NATS", t.eventSubject(i.Event, false), t.eventSubject(i.Event, true))
}

// inlet is the subscriptions of one subscriber.
type inlet struct {
	transport *transport
	interest  bus.Interest
	taps      []*tap
}

// tap is one subscription with what it dropped.
type tap struct {
	sub     *nats.Subscription
	dropped atomic.Uint64
}

func (in *inlet) listen(group string, everywhere bool) error {
	t := in.transport
	p := &tap{}
	subject := t.eventSubject(in.interest.Event, everywhere)
	receive := func(msg *nats.Msg) {
		p.read(msg.Sub)
		in.receive(msg, everywhere)
	}
	var err error
	if group == "" {
		p.sub, err = t.conn.Subscribe(subject, receive)
	} else {
		p.sub, err = t.conn.QueueSubscribe(subject, group, receive)
	}
	if err == nil {
		in.taps = append(in.taps, p)
		err = p.sub.SetPendingLimits(t.config.EventBacklog, eventBytes)
	}
	if err != nil {
		return fmt.Errorf("subscribing to %s over NATS: %w", subject, err)
	}
	return nil
}

// receive hands an event to its subscriber. Its subscription does this one at a
// time, so the order stays.
func (in *inlet) receive(msg *nats.Msg, everywhere bool) {
	t := in.transport
	p := bus.Publication{
		Event:      strings.TrimPrefix(msg.Subject, t.eventSubject("", everywhere)),
		Everywhere: everywhere,
		Body:       msg.Data,
	}
	parseNotice(msg.Header, &p)
	p.Trace, p.Metadata = traceOf(msg.Header), metadataOf(msg.Header)
	in.interest.Deliver(t.callers.view(p.Emitter), p)
}

// read notes how much the subscription has dropped. It is asked with every message
// because it does not tell any more once it has ended; a drop is always followed by
// the messages that filled the backlog.
func (p *tap) read(sub *nats.Subscription) {
	n, err := sub.Dropped()
	if err != nil {
		return
	}
	for {
		known := p.dropped.Load()
		if uint64(n) <= known || p.dropped.CompareAndSwap(known, uint64(n)) {
			return
		}
	}
}

// Dropped is exact: it counts messages, not the errors that NATS reports.
func (in *inlet) Dropped() (total uint64) {
	for _, p := range in.taps {
		p.read(p.sub)
		total += p.dropped.Load()
	}
	return total
}

// Stop drains: what has arrived is still delivered.
func (in *inlet) Stop() error {
	t := in.transport
	t.mu.Lock()
	t.inlets = slices.DeleteFunc(t.inlets, func(other *inlet) bool { return other == in })
	t.mu.Unlock()
	var errs []error
	for _, p := range in.taps {
		if err := p.sub.Drain(); err != nil && !errors.Is(err, nats.ErrBadSubscription) && !errors.Is(err, nats.ErrConnectionClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
