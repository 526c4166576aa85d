package conformance

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/shopanaio/orchestrator/bus"
)

// large is more than a message may have where there is a limit.
const large = 3 << 19

func loadRows() []row {
	return []row{
		{name: "load/100 callers together", run: manyCallers, want: "2000 right, 0 wrong"},
		{name: "load/20 calls of one action run at the same time", run: together, want: "20 together"},
		{name: "load/one caller's calls are served in order", run: inOrder, want: "100 of 100 in order"},
		{name: "load/an empty answer", run: func(w *world) string {
			a := serve(w, "oracle.ask", func(context.Context, nothing) (string, error) { return "", nil })
			w.start()
			return fmt.Sprintf("%q", call(w, a))
		}, want: `""`},
		{name: "load/sizes of requests and responses", run: ladder,
			want:    "there 0 ok, 1 ok, 65536 ok, 2097152 ok; back 0 ok, 1 ok, 65536 ok, 2097152 ok",
			differs: limits,
			other:   "there 0 ok, 1 ok, 65536 ok, 2097152 resource_exhausted; back 0 ok, 1 ok, 65536 ok, 2097152 resource_exhausted"},
		{name: "load/a request of 1.5 MiB", run: oversized(large, 0), want: "ok; afterwards ok", differs: limits, other: "resource_exhausted; afterwards ok"},
		{name: "load/a response of 1.5 MiB", run: oversized(0, large), want: "ok; afterwards ok", differs: limits, other: "resource_exhausted; afterwards ok"},
	}
}

func manyCallers(w *world) string {
	double := serve(w, "oracle.double", func(_ context.Context, n int) (int, error) { return 2 * n, nil })
	w.start()
	var callers sync.WaitGroup
	var mu sync.Mutex
	right, wrong := 0, 0
	for c := range 100 {
		callers.Go(func() {
			for i := range 20 {
				v, err := double.Call(w.t.Context(), w.shop, 100*c+i)
				mu.Lock()
				if err == nil && v == 2*(100*c+i) {
					right++
				} else {
					wrong++
				}
				mu.Unlock()
			}
		})
	}
	callers.Wait()
	return fmt.Sprintf("%d right, %d wrong", right, wrong)
}

func together(w *world) string {
	const all = 20
	var mu sync.Mutex
	inside, full := 0, make(chan struct{})
	a := serve(w, "oracle.meet", func(ctx context.Context, _ nothing) (nothing, error) {
		mu.Lock()
		if inside++; inside == all {
			close(full)
		}
		mu.Unlock()
		select {
		case <-full:
			return nothing{}, nil
		case <-ctx.Done():
			return nothing{}, ctx.Err()
		}
	})
	w.start()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	var callers sync.WaitGroup
	served := make(chan nothing, all)
	for range all {
		callers.Go(func() {
			if _, err := a.Call(ctx, w.shop, nothing{}); err == nil {
				served <- nothing{}
			}
		})
	}
	callers.Wait()
	return fmt.Sprintf("%d together", len(served))
}

func inOrder(w *world) string {
	last, ordered, all := -1, 0, 0
	a := serve(w, "oracle.count", func(_ context.Context, n int) (nothing, error) {
		if n == last+1 {
			ordered++
		}
		last = n
		all++
		return nothing{}, nil
	})
	w.start()
	for i := range 100 {
		if _, err := a.Call(w.t.Context(), w.shop, i); err != nil {
			return describe(err)
		}
	}
	return fmt.Sprintf("%d of %d in order", ordered, all)
}

// oversized calls with so many bytes there and back, and once more with few.
func oversized(there, back int) func(w *world) string {
	return func(w *world) string {
		type message struct {
			Padding string
			Back    int
		}
		a := serve(w, "oracle.pad", func(_ context.Context, m message) (string, error) { return strings.Repeat("x", m.Back), nil })
		w.start()
		_, err := a.Call(w.t.Context(), w.shop, message{strings.Repeat("x", there), back})
		_, afterwards := a.Call(w.t.Context(), w.shop, message{"x", 1})
		return fmt.Sprintf("%s; afterwards %s", bus.CodeOf(err), bus.CodeOf(afterwards))
	}
}

// ladder calls with more and more bytes there, and then back.
func ladder(w *world) string {
	a := serve(w, "oracle.repeat", func(_ context.Context, text string) (int, error) { return len(text), nil })
	b := serve(w, "oracle.spell", func(_ context.Context, n int) (string, error) { return strings.Repeat("x", n), nil })
	w.start()
	var there, back []string
	for _, size := range []int{0, 1, 64 << 10, 2 << 20} {
		n, err := a.Call(w.t.Context(), w.shop, strings.Repeat("x", size))
		there = append(there, rung(size, n, err))
		text, err := b.Call(w.t.Context(), w.shop, size)
		back = append(back, rung(size, len(text), err))
	}
	return lines("there "+strings.Join(there, ", "), "back "+strings.Join(back, ", "))
}

// rung says what became of so many bytes.
func rung(size, arrived int, err error) string {
	if err == nil && arrived != size {
		return fmt.Sprintf("%d became %d", size, arrived)
	}
	return fmt.Sprintf("%d %s", size, bus.CodeOf(err))
}
