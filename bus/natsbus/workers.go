package natsbus

import "sync"

// maxParked is how many goroutines wait for a request when there is none. Each holds
// some kilobytes of stack, which the collector takes back while it waits.
const maxParked = 256

// workers serve requests, each on a goroutine that no other has meanwhile. A goroutine
// that has served one waits for another: its stack is large enough by then, and growing
// a new one to what decoding takes costs more than all else that the bus does for a
// request. The one that waited shortest is the next to work, so that few do when few
// are needed.
type workers struct {
	mu      sync.Mutex
	parked  []worker
	stopped bool
}

// worker is how a goroutine that waits gets its next request; it is closed when there
// will be none.
type worker chan *arrival

// take gives the request to a goroutine that waits, or to a new one. It never waits.
func (w *workers) take(a *arrival) {
	w.mu.Lock()
	last := len(w.parked) - 1
	if last < 0 {
		w.mu.Unlock()
		go w.run(a)
		return
	}
	next := w.parked[last]
	w.parked = w.parked[:last]
	w.mu.Unlock()
	next <- a // it has room for one
}

// run serves until there is nothing to do and enough others wait. A handler that ends
// its goroutine ends this one.
func (w *workers) run(a *arrival) {
	me := make(worker, 1)
	for a != nil {
		a.serve()
		if !w.park(me) {
			return
		}
		a = <-me
	}
}

func (w *workers) park(me worker) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || len(w.parked) >= maxParked {
		return false
	}
	w.parked = append(w.parked, me)
	return true
}

// stop ends those that wait; the others end when they have served.
func (w *workers) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	for _, each := range w.parked {
		close(each)
	}
	w.parked = nil
}
