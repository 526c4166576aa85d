package natsbus

import (
	"regexp"
	"sync"

	"github.com/shopanaio/orchestrator/bus"
)

// maxCallers bounds how many different callers get a view, and so a metric label,
// of their own: the name comes from a message that anybody may have written.
const maxCallers = 256

// stranger is the caller of a request that does not say who sent it.
const stranger = "nats"

var callerName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// callers are the views on behalf of which remote requests are served.
type callers struct {
	node *bus.Node

	mu    sync.RWMutex
	views map[string]*bus.Bus
}

// view is the bus as the named caller sees it.
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
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.views == nil {
		c.views = map[string]*bus.Bus{}
	}
	if len(c.views) >= maxCallers && c.views[name] == nil {
		name = stranger
	}
	c.views[name] = c.node.View(name)
	return c.views[name]
}
