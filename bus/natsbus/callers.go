package natsbus

import (
	"regexp"
	"sync"

	"github.com/shopanaio/orchestrator/bus"
)

// maxCallers bounds how many callers that no node is known to be get a view, and so a
// metric label, of their own: the name comes from a message that anybody may have written.
const maxCallers = 256

// stranger is the caller of a request that does not say who sent it.
const stranger = "nats"

var callerName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// callers are the views on behalf of which remote requests are served.
type callers struct {
	node  *bus.Node
	known func(service string) bool // whether another node serves it

	mu     sync.RWMutex
	views  map[string]*bus.Bus
	others int // of them are not known
}

// view is the bus as the named caller sees it. However many names others make up, a
// service that another node serves goes under its own.
func (c *callers) view(name string) *bus.Bus {
	c.mu.RLock()
	v := c.views[name]
	c.mu.RUnlock()
	if v != nil {
		return v
	}
	if !callerName.MatchString(name) {
		name = stranger
	}
	known := name == stranger || c.known != nil && c.known(name)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.views[name] != nil:
	case known:
	case c.others >= maxCallers:
		name = stranger
	default:
		c.others++
	}
	if c.views == nil {
		c.views = map[string]*bus.Bus{}
	}
	if c.views[name] == nil {
		c.views[name] = c.node.View(name)
	}
	return c.views[name]
}
