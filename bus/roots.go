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
// one compare-and-swap, and a list behind a lock for when these are taken.
type roots struct {
	shards []rootShard
}

// places is how many roots a shard holds without a lock: one cache line of them.
const places = 8

// nowhere is the place of a frame that is in no list.
const nowhere = -1

type rootShard struct {
	near   [places]atomic.Pointer[frame]
	number atomic.Uint64
	_      [56]byte // what another processor writes is not on this line

	mu   sync.Mutex
	far  []*frame
	free []int32
	_    [64]byte
}

func (r *roots) init() {
	r.shards = make([]rootShard, max(runtime.NumCPU(), runtime.GOMAXPROCS(0)))
}

// add numbers f, puts it into the list and notes its place in it.
func (r *roots) add(f *frame) {
	at := shardHint() % len(r.shards)
	s := &r.shards[at]
	f.number = s.number.Add(1)*uint64(len(r.shards)) + uint64(at)
	for i := range s.near {
		f.place = int32(i*len(r.shards) + at)
		if s.near[i].Load() == nil && s.near[i].CompareAndSwap(nil, f) {
			return
		}
	}
	f.place = int32((places+s.push(f))*len(r.shards) + at)
}

// push takes a place behind the lock.
func (s *rootShard) push(f *frame) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		i := s.free[last]
		s.free = s.free[:last]
		s.far[i] = f
		return int(i)
	}
	s.far = append(s.far, f)
	return len(s.far) - 1
}

// remove takes f out.
func (r *roots) remove(f *frame) {
	s, i := &r.shards[int(f.place)%len(r.shards)], int(f.place)/len(r.shards)
	if i < places {
		s.near[i].Store(nil)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.far[i-places] = nil
	s.free = append(s.free, int32(i-places))
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
		for _, f := range s.far {
			if f != nil {
				list = append(list, f)
			}
		}
		s.mu.Unlock()
	}
	return list
}

// CallInfo describes a root call in flight.
type CallInfo struct {
	Action    string        `json:"action"`
	Caller    string        `json:"caller"`
	RequestID string        `json:"requestId"`
	Start     time.Time     `json:"start"`
	Age       time.Duration `json:"age"` // nanoseconds
}

// InFlight lists the root calls that have not returned, the oldest first.
func (n *Node) InFlight() []CallInfo {
	frames := n.roots.all()
	slices.SortFunc(frames, func(a, b *frame) int { return cmp.Compare(a.start, b.start) })
	now := n.now()
	list := make([]CallInfo, len(frames))
	for i, f := range frames {
		list[i] = CallInfo{
			Action: f.edge.slot.name, Caller: f.edge.caller, RequestID: f.requestID(),
			Start: n.base.Add(time.Duration(f.start)), Age: time.Duration(now - f.start),
		}
	}
	return list
}
