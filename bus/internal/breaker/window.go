package breaker

import (
	"runtime"
	"sync"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/counters"
)

// tenths is how many parts a window has: it forgets a tenth at a time.
const tenths = 10

// window counts the calls that ended lately, and those of them that failed. Each
// processor has a part of its own, whose lock it seldom finds taken.
type window struct {
	width int64 // of a tenth
	parts []windowPart
}

type windowPart struct {
	mu   sync.Mutex
	ring [tenths]tenth
	_    [56]byte // the neighbour in memory is another processor's
}

// tenth is what ended in the tenth number at since the node was made.
type tenth struct {
	at     int64
	all    uint64
	failed uint64
}

func newWindow(length time.Duration) window {
	return window{
		width: int64(length) / tenths,
		parts: make([]windowPart, max(runtime.NumCPU(), runtime.GOMAXPROCS(0))),
	}
}

func (w *window) add(now int64, failed bool) {
	at := now / w.width
	part := &w.parts[uint(counters.Processor())%uint(len(w.parts))]
	part.mu.Lock()
	t := &part.ring[at%tenths]
	if t.at != at {
		*t = tenth{at: at}
	}
	t.all++
	if failed {
		t.failed++
	}
	part.mu.Unlock()
}

// sum is what ended in the tenth of now and the nine before.
func (w *window) sum(now int64) (all, failed uint64) {
	at := now / w.width
	for i := range w.parts {
		part := &w.parts[i]
		part.mu.Lock()
		for _, t := range part.ring {
			if t.at > at-tenths && t.at <= at {
				all += t.all
				failed += t.failed
			}
		}
		part.mu.Unlock()
	}
	return all, failed
}

func (w *window) clear() {
	for i := range w.parts {
		part := &w.parts[i]
		part.mu.Lock()
		part.ring = [tenths]tenth{}
		part.mu.Unlock()
	}
}
