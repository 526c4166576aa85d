package bus

// Status is how much a node has, and where it is in its life.
type Status struct {
	Services  int  // with a handler here, and open for calls
	Actions   int  // with a handler here
	Nodes     int  // this one and its peers
	Started   bool // from Start to Close
	Connected bool // other nodes can be reached, or there is no connection to lose
}

// Status reads what there is. It is cheap enough for every scrape.
func (n *Node) Status() Status {
	s := Status{
		Services: len(n.serving()), Nodes: 1 + len(n.Peers()), Connected: n.Connected(),
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, seat := range n.seats {
		if seat.handled() {
			s.Actions++
		}
	}
	s.Started = n.started && n.stop.Load()&stopped == 0
	return s
}
