package bus

import "context"

// Observer sees every call of a node, and no payload: it is for tracing, logging
// and measuring all actions alike. Code for one action is a middleware (Use).
//
// Options.Observers lists observers from the outside in: the first one's Before
// runs first and its After last. Both run on the caller's goroutine, within the
// call's time; a call that is refused is seen like any other. A panic of an observer
// is logged and changes nothing for the call; one that calls runtime.Goexit ends the
// caller's goroutine like a handler that does.
type Observer struct {
	// Before runs before the handler; nil means not to look. What it returns is the
	// context of the observers after it, of the handler, and of every After. It must
	// derive from ctx, and only add values.
	Before func(ctx context.Context, i Info) context.Context
	// After runs after the handler, with the context that the handler got and the
	// error that the caller gets: nil or an *Error. Nil means not to look. It runs
	// also when Before panicked.
	After func(ctx context.Context, i Info, err error)
}

// Kind says what an Info is about.
type Kind string

const (
	// KindCall is a call of an action.
	KindCall Kind = "call"
	// KindEvent is an event that a subscriber is handed.
	KindEvent Kind = "event"
)

// Info is what an Observer gets.
type Info struct {
	Kind     Kind
	Action   string // "pricing.evaluateDiscounts"; of an event its name
	Service  string // who serves the action; of an event who subscribed
	Caller   string // who called; of an event who emitted it
	Remote   bool   // the other side is in another process
	Incoming bool   // and that is the caller: this side handles
}

// before runs the Befores, the first one first.
func (n *Node) before(ctx context.Context, i Info) context.Context {
	for k := range n.observers {
		if n.observers[k].Before != nil {
			ctx = n.beforeOne(ctx, i, k)
		}
	}
	return ctx
}

func (n *Node) beforeOne(ctx context.Context, i Info, k int) (out context.Context) {
	out = ctx
	defer n.spare("an observer", i.Action)
	if given := n.observers[k].Before(ctx, i); given != nil {
		out = given
	}
	return out
}

// after runs the Afters, the first one last.
func (n *Node) after(ctx context.Context, i Info, err error) {
	for k := len(n.observers) - 1; k >= 0; k-- {
		if n.observers[k].After != nil {
			n.afterOne(ctx, i, err, k)
		}
	}
}

func (n *Node) afterOne(ctx context.Context, i Info, err error, k int) {
	defer n.spare("an observer", i.Action)
	n.observers[k].After(ctx, i, err)
}

// watch shows the call to the observers, before it is served.
func (c *call) watch() {
	c.manner |= watched
	c.sent = c.sent || !c.edge.seat.handled()
	gone := true // unless they return
	defer func() {
		if gone {
			_ = c.end(c.edge.translate(c.ctx, errGone))
		}
	}()
	c.ctx = c.edge.node.before(c.ctx, c.info())
	gone = false
}

// unwatch shows the observers how the call ended, and accounts for it.
func (c *call) unwatch(err error, code Code, now int64) {
	defer c.settle(code, now) // also when an observer ends its goroutine
	c.edge.node.after(c.ctx, c.info(), err)
}

// info is made twice instead of kept: most calls are not observed, and would pay
// for the room.
func (c *call) info() Info {
	return Info{
		Kind: KindCall, Action: c.edge.seat.name, Service: c.edge.seat.service, Caller: c.edge.caller,
		Remote: c.manner&incoming != 0 || c.sent, Incoming: c.manner&incoming != 0,
	}
}
