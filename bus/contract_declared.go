package bus

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

// declared are the actions of the contracts that this program links. Only those can be
// known to have been forgotten: a node hears of an action when it is handled or called.
var declared struct {
	sync.Mutex

	actions []*contract
}

// declare keeps an action if a contract declares it, which stands in a folder of its own:
// services/reviews/reviewsapi. Others, such as those of tests, may do without a handler.
func declare(c *contract) {
	file, _, _ := strings.Cut(c.position, ":")
	if path.Base(path.Dir(file)) != c.service+"api" {
		return
	}
	declared.Lock()
	defer declared.Unlock()
	declared.actions = append(declared.actions, c)
}

// Unhandled returns an error for each action that the contract of the service declares
// and that has no handler in this node, joined. A process calls it when the service was
// made: its callers would be refused although it runs.
func (n *Node) Unhandled(service string) error {
	declared.Lock()
	all := slices.Clone(declared.actions)
	declared.Unlock()
	n.mu.Lock()
	defer n.mu.Unlock()
	var errs []error
	for _, c := range all {
		if s := n.seats[c.name]; c.service == service && (s == nil || !s.handled()) {
			errs = append(errs, fmt.Errorf("%s: %s is declared and %s has no handler for it: say its Handle(p.Bus, …) in New",
				c.position, c.name, service))
		}
	}
	return errors.Join(errs...)
}
