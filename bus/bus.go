package bus

import (
	"sync/atomic"
)

// Bus is one service's view of the bus. It knows its owner, so that who calls
// whom is known exactly. It is safe for concurrent use.
type Bus struct {
	node  *Node
	owner string
	edges atomic.Pointer[[]atomic.Pointer[edge]] // by the contract's id
}

// Owner is the service the view was made for.
func (b *Bus) Owner() string { return b.owner }

// edge is the view's way to the action of c.
func (b *Bus) edge(c *contract) *edge {
	if table := b.edges.Load(); table != nil && c.id < len(*table) {
		if e := (*table)[c.id].Load(); e != nil {
			return e
		}
	}
	return b.node.connect(b, c)
}

// keep puts an edge into the table. The node's lock is held.
func (b *Bus) keep(c *contract, e *edge) {
	old := b.edges.Load()
	if old == nil || c.id >= len(*old) {
		old = b.grow(old, c.id)
	}
	(*old)[c.id].Store(e)
}

// grow makes a table that has room for id. A reader of the old one finds its edge
// through the node once more.
func (b *Bus) grow(old *[]atomic.Pointer[edge], id int) *[]atomic.Pointer[edge] {
	table := make([]atomic.Pointer[edge], id+id/4+8)
	if old != nil {
		for i := range *old {
			table[i].Store((*old)[i].Load())
		}
	}
	b.edges.Store(&table)
	return &table
}
