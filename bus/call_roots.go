package bus

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// roots is the list of root calls in flight. It is sharded, so that calls on
// different processors do not meet; a shard has a few places that are taken by
// one compare-and-swap, and more behind a lock for when these are taken.
type roots struct {
	shards []shard

	_     [64]byte
	asked atomic.Uint64 // request ids given out; written often, unlike its neighbours
	_     [64]byte
}

// place holds a frame while its call runs. Giving it up is what ends a frame.
type place struct {
	atomic.Pointer[frame]

	home *shard // of a place behind the lock
}

// nearby is how many roots a shard holds without a lock.
const nearby = 8

type shard struct {
	near [nearby]place
	_    [64]byte // what another processor writes is not on this line

	mu   sync.Mutex
	far  []*place // every one that was ever needed
	free []*place
	_    [64]byte
}

func (r *roots) init() {
	r.shards = make([]shard, max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))
}

// add puts f into the list, into a shard that depends on near.
func (r *roots) add(f *frame, near int) {
	s := &r.shards[uint(near)%uint(len(r.shards))]
	for i := range s.near {
		p := &s.near[i]
		if p.Load() != nil {
			continue
		}
		f.place = p
		if p.CompareAndSwap(nil, f) {
			return
		}
	}
	s.push(f)
}

// push takes a place behind the lock.
func (s *shard) push(f *frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		f.place = s.free[last]
		s.free = s.free[:last]
	} else {
		f.place = &place{home: s}
		s.far = append(s.far, f.place)
	}
	f.place.Store(f)
}

// release gives the place up.
func (p *place) release() {
	p.Store(nil)
	if s := p.home; s != nil {
		s.mu.Lock()
		s.free = append(s.free, p)
		s.mu.Unlock()
	}
}

// empty reports whether there was a moment without a root since it was called,
// provided that none is added.
func (r *roots) empty() bool {
	for i := range r.shards {
		s := &r.shards[i]
		for j := range s.near {
			if s.near[j].Load() != nil {
				return false
			}
		}
		s.mu.Lock()
		busy := len(s.far) > len(s.free)
		s.mu.Unlock()
		if busy {
			return false
		}
	}
	return true
}

// all are the frames in the list at some moment while it looks.
func (r *roots) all() []*frame {
	var list []*frame
	for i := range r.shards {
		s := &r.shards[i]
		for j := range s.near {
			if f := s.near[j].Load(); f != nil {
				list = append(list, f)
			}
		}
		s.mu.Lock()
		for _, p := range s.far {
			if f := p.Load(); f != nil {
				list = append(list, f)
			}
		}
		s.mu.Unlock()
	}
	return list
}

// frames are those of the root calls in flight and of the events being handled.
func (n *Node) frames() []*frame {
	frames := n.roots.all()
	for _, l := range n.all() {
		if f := l.frameNow(); f != nil {
			frames = append(frames, f)
		}
	}
	return frames
}

// CallInfo describes a root call in flight.
type CallInfo struct {
	Action    string        `json:"action"`
	Caller    string        `json:"caller"`
	RequestID string        `json:"requestId"`
	Start     time.Time     `json:"start"`
	Age       time.Duration `json:"age"` // nanoseconds
}

// InFlight lists the root calls that have not returned, the oldest first. A handler
// of an event is among them, as a call of the event by its emitter.
func (n *Node) InFlight() []CallInfo {
	frames := n.frames()
	slices.SortFunc(frames, func(a, b *frame) int { return cmp.Compare(a.start, b.start) })
	now, reading := time.Now(), n.now()
	list := make([]CallInfo, len(frames))
	for i, f := range frames {
		age := time.Duration(reading - f.start)
		list[i] = CallInfo{
			Action: f.edge.seat.name, Caller: f.edge.caller, RequestID: f.requestID(),
			Start: now.Add(-age), Age: age,
		}
	}
	return list
}
