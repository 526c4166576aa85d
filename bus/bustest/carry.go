package bustest

import (
	"context"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

// interest is what one subscriber of one node wants.
type interest struct {
	bus.Interest

	end *end
}

// Dropped is 0: an event is with the subscriber's node when Publish returns.
func (i *interest) Dropped() uint64 { return 0 }

// Stop ends the subscription.
func (i *interest) Stop() error {
	l := i.end.link
	l.mu.Lock()
	defer l.mu.Unlock()
	i.end.interests = slices.DeleteFunc(i.end.interests, func(other *interest) bool { return other == i })
	return nil
}

// Subscribe notes an interest.
func (e *end) Subscribe(i bus.Interest) (bus.Inlet, error) {
	e.link.mu.Lock()
	defer e.link.mu.Unlock()
	in := &interest{Interest: i, end: e}
	e.interests = append(e.interests, in)
	return in, nil
}

// Publish hands an event to the nodes that want it, before it returns.
func (e *end) Publish(ctx context.Context, p bus.Publication) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, i := range e.link.audience(p) {
		copied := p
		copied.Body = slices.Clone(p.Body)
		i.Deliver(i.end.node.View(p.Emitter), copied)
	}
	return nil
}

// audience is who gets an event: all who want everything or are to get it
// everywhere, and of every other service one, in turn.
func (l *Link) audience(p bus.Publication) []*interest {
	l.mu.Lock()
	defer l.mu.Unlock()
	var chosen []*interest
	groups := map[string][]*interest{}
	for _, e := range l.ends {
		for _, i := range e.interests {
			switch {
			case !matches(i.Event, p.Event):
			case i.All || p.Everywhere:
				chosen = append(chosen, i)
			default:
				groups[i.Service] = append(groups[i.Service], i)
			}
		}
	}
	l.next++
	for _, group := range groups {
		chosen = append(chosen, group[l.next%len(group)])
	}
	return chosen
}

// matches compares an event's name with a pattern, word by word.
func matches(pattern, event string) bool {
	want, have := strings.Split(pattern, "."), strings.Split(event, ".")
	for n, w := range want {
		switch {
		case w == ">":
			return n < len(have)
		case n >= len(have) || w != "*" && w != have[n]:
			return false
		}
	}
	return len(want) == len(have)
}
