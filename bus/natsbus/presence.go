package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
)

// presence announces this node to the others, and learns of them. Every
// node says so immediately when it comes and whenever it serves another service, and then
// every HeartbeatInterval; who comes is answered by all, so that it knows them within
// one round trip.
type presence struct {
	*transport

	peers     *peers
	reporting sync.Mutex // keeps what the bus learns of a node in order

	self  bus.Peer // but for the services
	inbox string
	at    *nats.Subscription // where this node answers under its id
	subs  []*nats.Subscription
	quit  chan struct{}
	once  sync.Once // closes quit
	ended sync.WaitGroup

	mu     sync.Mutex
	silent bool // said goodbye, or has not said hello
	rivals complaints
}

func newPresence(t *transport) *presence {
	return &presence{
		transport: t, peers: newPeers(t.config.HeartbeatTimeout), quit: make(chan struct{}),
		silent: true,
	}
}

// beats is the subject on which nodes say that they are there.
func (p *presence) beats() string { return p.config.Namespace + ".nodes.beats" }

// address is where one node answers.
func (p *presence) address(id string) string { return p.config.Namespace + ".nodes.at." + id }

// claimTime bounds the wait for another node of the same id. One that does not answer
// is as good as dead.
const claimTime = 2 * time.Second

// claim fails if another process runs under this node's id.
func (p *presence) claim(ctx context.Context) error {
	id := p.self.Node
	if !nodeName.MatchString(id) {
		return fmt.Errorf("the node id %q cannot be a part of a NATS subject: use letters, digits, - and _, at most 63", id)
	}
	ctx, cancel := context.WithTimeout(ctx, claimTime)
	defer cancel()
	answer, err := p.conn.RequestWithContext(ctx, p.address(id), nil)
	if err != nil { // nobody is there; what is wrong with the connection shows with the next step
		if errors.Is(err, context.DeadlineExceeded) {
			p.config.Logger.Warn("a node of the same id is subscribed and does not answer; going on without it", slog.String("node", id))
		}
		return nil
	}
	if stream := streamOf(answer); stream != "" {
		return fmt.Errorf("the JetStream stream %s covers the subjects of the namespace %s, %s among them: it would store every request and answer in the place of services; take %[2]s.> out of the stream's subjects, or give it no_ack", stream, p.config.Namespace, p.address(id))
	}
	other, err := parseBeat(answer.Data)
	if err != nil {
		return fmt.Errorf("something answers as node %s and is none of ours: give this process another node_id", id)
	}
	return fmt.Errorf("another process runs as node %s (run %s, since %s): give each its own node_id, or none",
		id, other.Run, other.Started.Format(time.RFC3339))
}

// join claims the id, listens and says hello.
func (p *presence) join(ctx context.Context) error {
	p.self = p.node.Self()
	if err := p.claim(ctx); err != nil {
		return err
	}
	p.inbox = p.conn.NewInbox()
	if err := p.listen(); err != nil {
		return err
	}
	p.mu.Lock()
	p.silent = false
	p.mu.Unlock()
	p.hello()
	p.ended.Go(p.run)
	// The id is this process's from when the server knows it, and so that is waited for.
	return p.flush(ctx)
}

func (p *presence) listen() (err error) {
	if p.at, err = p.conn.Subscribe(p.address(p.self.Node), p.answer); err != nil {
		return fmt.Errorf("subscribing to %s over NATS: %w", p.address(p.self.Node), err)
	}
	for _, subject := range []string{p.beats(), p.inbox} {
		sub, err := p.conn.Subscribe(subject, p.hear)
		if err != nil {
			return fmt.Errorf("subscribing to %s over NATS: %w", subject, err)
		}
		p.subs = append(p.subs, sub)
	}
	return nil
}

// run beats and forgets who does not, until close.
func (p *presence) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	beat := time.Now().Add(p.config.HeartbeatInterval)
	for {
		wake := p.peers.next(beat)
		timer.Reset(time.Until(wake))
		select {
		case <-timer.C:
		case <-p.quit:
			return
		}
		now := time.Now()
		p.forget(wake, now)
		if !now.Before(beat) {
			p.say(p.beats(), "")
			beat = now.Add(p.config.HeartbeatInterval)
		}
	}
}

// forget reports the nodes that were not heard of for too long, at the time now, when
// it was to be called at the time due. A process that was stopped or starved in between
// could not hear of anybody.
func (p *presence) forget(due, now time.Time) {
	if now.Sub(due) > p.config.HeartbeatInterval {
		p.peers.spare(now)
	}
	p.reporting.Lock()
	defer p.reporting.Unlock()
	for _, lost := range p.peers.expire(now) {
		p.node.PeerLeft(lost, bus.PeerLost)
	}
}

// hello says that this node is there and asks who else is.
func (p *presence) hello() { p.say(p.beats(), p.inbox) }

// changed says what this node serves now.
func (p *presence) changed() { p.say(p.beats(), "") }

// leave says goodbye, once. Nothing is said after it.
func (p *presence) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent {
		return
	}
	p.silent = true
	_ = p.at.Unsubscribe() // the connection may be closed
	p.publish(p.beats(), "", true)
}

// close ends the beats and the subscriptions.
func (p *presence) close() {
	p.leave()
	p.once.Do(func() { close(p.quit) })
	p.ended.Wait()
	for _, sub := range p.subs {
		_ = sub.Unsubscribe() // the connection may be closed
	}
}

// say publishes a beat, before goodbye.
func (p *presence) say(subject, reply string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.silent {
		p.publish(subject, reply, false)
	}
}

// publish sends a beat. The lock is held, so that goodbye is the last. One that cannot
// be sent is not missed: the next is on its way, and a new connection begins with hello.
func (p *presence) publish(subject, reply string, leaving bool) {
	services := p.serves()
	body, err := json.Marshal(beat{
		Node: p.self.Node, Run: p.self.Run, Services: services[:min(len(services), maxBeatServices)], Started: p.self.Started,
		EveryMS: p.config.HeartbeatInterval.Milliseconds(), Leaving: leaving,
	})
	if err == nil {
		err = p.conn.PublishMsg(&nats.Msg{Subject: subject, Reply: reply, Data: body})
	}
	if err != nil {
		p.config.Logger.Debug("a sign of life could not be sent", slog.String("error", err.Error()))
	}
}

// answer answers who asks for this node.
func (p *presence) answer(msg *nats.Msg) {
	if msg.Reply != "" {
		p.say(msg.Reply, "")
	}
}

// hear takes a sign of life.
func (p *presence) hear(msg *nats.Msg) {
	b, err := parseBeat(msg.Data)
	if err != nil || b.Run == p.self.Run {
		return
	}
	if b.Node == p.self.Node {
		p.rival(b)
	}
	p.reporting.Lock()
	defer p.reporting.Unlock()
	if b.Leaving {
		if peer, known := p.peers.leave(b.Run, time.Now()); known {
			p.node.PeerLeft(peer, bus.PeerStopped)
		}
		return
	}
	switch peer, what := p.peers.hear(b, time.Now()); what {
	case joined:
		p.node.PeerJoined(peer)
	case changed:
		p.node.PeerChanged(peer)
	case nothingNew:
	}
	if msg.Reply != "" {
		p.say(msg.Reply, "")
	}
}

// rival complains once of another run under this node's id. It came at the same moment,
// or while the connection was away: who comes later is refused.
func (p *presence) rival(b beat) {
	if !b.Leaving && p.rivals.first(b.Run) {
		p.config.Logger.Error("another process runs under the id of this node: give each its own node_id, or none",
			slog.String("node", b.Node), slog.String("other_run", b.Run))
	}
}
