//go:build unix

package bus

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"
)

// cpuNow is the processor time this process has used.
func cpuNow(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBudget compares local calls with what the machine itself charges: an
// interface call and two reads of the clock. All run in turns in one process and
// are measured in processor time, so that a busy machine does not decide. It
// prints the medians.
func BenchmarkBudget(b *testing.B) {
	view, add := addNode(b)
	var plain adder = direct{}
	if b.N < 0 {
		plain = nil // keeps the compiler from seeing through the interface
	}
	base := time.Now()
	names := []string{"iface", "clock", "nested", "root", "policy"}
	within(b, view, func(nested context.Context) {
		limited := add.With(Timeout(time.Minute))
		root := context.Background()
		loops := []func(i int){
			func(i int) { res, _ := plain.Add(root, sum{int64(i), 1}); sink = res.Sum },
			func(int) { from := time.Since(base); sink = int64(time.Since(base) - from) },
			func(i int) { res, _ := add.Call(nested, view, sum{int64(i), 1}); sink = res.Sum },
			func(i int) { res, _ := add.Call(root, view, sum{int64(i), 1}); sink = res.Sum },
			func(i int) { res, _ := limited.Call(nested, view, sum{int64(i), 1}); sink = res.Sum },
		}
		for range b.N {
			ns := medians(b, loops)
			for i, name := range names {
				b.ReportMetric(ns[i], name+"-cpu-ns")
			}
			fmt.Printf("FIGURE bus.local iface=%.1f clock2=%.1f nested=%.1f nested_over=%.1f root=%.1f root_over=%.1f\n",
				ns[0], ns[1], ns[2], ns[2]-ns[0]-ns[1], ns[3], ns[3]-ns[2])
		}
	})
}

// medians runs every loop in turns and gives the median processor time of one
// step of each, in nanoseconds.
func medians(tb testing.TB, loops []func(i int)) []float64 {
	const rounds, steps = 9, 200_000
	took := make([][]float64, len(loops))
	for range rounds {
		for i, step := range loops {
			from := cpuNow(tb)
			for j := range steps {
				step(j)
			}
			took[i] = append(took[i], float64(cpuNow(tb)-from)/steps)
		}
	}
	out := make([]float64, len(loops))
	for i := range took {
		slices.Sort(took[i])
		out[i] = took[i][rounds/2]
	}
	return out
}
