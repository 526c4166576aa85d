package natsbus

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

// pending are the calls that wait for an answer. They share one subscription, as
// in nats.go's own request; ours is here because a call must also end when the
// connection is lost, and nats.go lets it wait for its deadline.
type pending struct {
	inbox  string // the common part of all reply subjects, with the last dot
	number atomic.Uint64

	// captured hears of a stream that took a request of the service, and says whether
	// somebody else is still to answer it.
	captured func(service, stream string) bool

	mu    sync.Mutex
	calls map[uint64]awaited
	spare sync.Pool // of channels that nobody else can know any more
}

// awaited is where the answer of a service goes, and where the request went.
type awaited struct {
	answer  chan reply
	service string
	subject string
}

// reply is an answer or why there will be none.
type reply struct {
	msg *nats.Msg
	err error
}

func newPending(captured func(service, stream string) bool) *pending {
	return &pending{captured: captured, calls: map[uint64]awaited{}}
}

// subscribe makes the inbox. nats.go renews the subscription when it reconnects.
func (p *pending) subscribe(conn *nats.Conn) error {
	p.inbox = conn.NewInbox() + "."
	sub, err := conn.Subscribe(p.inbox+"*", p.deliver)
	if err != nil {
		return fmt.Errorf("subscribing to answers over NATS: %w", err)
	}
	// Answers go to callers that wait for them: there is nothing to bound here.
	if err := sub.SetPendingLimits(-1, -1); err != nil {
		return fmt.Errorf("subscribing to answers over NATS: %w", err)
	}
	return nil
}

// add registers a call of the service that is published to a subject, and gives the
// subject its answer comes to.
func (p *pending) add(service, called string) (number uint64, subject string, answer chan reply) {
	number = p.number.Add(1)
	ch, ok := p.spare.Get().(chan reply)
	if !ok {
		ch = make(chan reply, 1)
	}
	p.mu.Lock()
	p.calls[number] = awaited{ch, service, called}
	p.mu.Unlock()
	var digits [13]byte // of the largest number
	return number, p.inbox + string(strconv.AppendUint(digits[:0], number, 36)), ch
}

// remove forgets a call that does not wait any more. Its channel is used again if no
// answer is on its way into it.
func (p *pending) remove(number uint64) {
	if ch := p.take(number); ch != nil {
		p.spare.Put(ch)
	}
}

// answered is remove for a call that got its answer.
func (p *pending) answered(ch chan reply) { p.spare.Put(ch) }

// take forgets the call and returns its channel, nil if it does not wait any more.
func (p *pending) take(number uint64) chan reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	ch := p.calls[number].answer
	delete(p.calls, number)
	return ch
}

// deliver hands an answer to its call. One that comes too late is dropped.
func (p *pending) deliver(msg *nats.Msg) {
	number, err := strconv.ParseUint(strings.TrimPrefix(msg.Subject, p.inbox), 36, 64)
	if err != nil {
		return
	}
	if stream := streamOf(msg); stream != "" {
		if !p.captured(p.serviceOf(number), stream) {
			time.AfterFunc(acquaintance, func() { p.judge(number, stream) })
		}
		return
	}
	if ch := p.take(number); ch != nil {
		ch <- reply{msg: msg}
	}
}

// acquaintance is how long a node that has just started may not know of others that are
// there.
const acquaintance = 250 * time.Millisecond

// judge ends a call that only a stream has answered, and nobody else is there to answer.
func (p *pending) judge(number uint64, stream string) {
	service := p.serviceOf(number)
	if service == "" || p.captured(service, stream) {
		return
	}
	if ch := p.take(number); ch != nil {
		ch <- reply{err: capturedError(stream)}
	}
}

// serviceOf is the service that a call waits for, "" if it does not wait any more.
func (p *pending) serviceOf(number uint64) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[number].service
}

// lose ends all calls that wait.
func (p *pending) lose(err error) {
	p.mu.Lock()
	lost := p.calls
	p.calls = map[uint64]awaited{}
	p.mu.Unlock()
	for _, each := range lost {
		each.answer <- reply{err: err}
	}
}

// refuse ends the calls of a subject that the server takes nothing for.
func (p *pending) refuse(subject string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for number, each := range p.calls {
		if each.subject == subject {
			delete(p.calls, number)
			each.answer <- reply{err: err} // it has room for one
		}
	}
}
