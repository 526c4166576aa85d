package natsbus

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/internal/testnats"
)

// BenchmarkProcesses compares a call over the bus with the same over nats.go's micro:
// caller, server and callee are three processes, and what is compared is the processor
// time of all three. Both take turns within each round, so that what else the machine
// does hits both alike; the figures are medians of the rounds.
func BenchmarkProcesses(b *testing.B) {
	server := testnats.StartProcess(b)
	callee := startRole(b, tillVariable, server.URL())
	shop := newNode(b, server.URL(), nil).View("shop")
	micros := microCaller(b, server.URL())
	pids := []int{os.Getpid(), server.Pid(), callee.Process.Pid}
	for range b.N {
		for _, lines := range []int{1, 50} {
			request := cartOf(lines)
			for _, inFlight := range []int{1, 8, 100} {
				us, over := apart(b, pids, inFlight, func() error {
					_, err := sum.Call(context.Background(), shop, request)
					return err
				}, func() error { return micros(request) })
				fmt.Printf("FIGURE bus.nats.processes lines=%d inflight=%d bus_us=%.1f micro_us=%.1f over_micro=%.3f bus_per_s=%.0f micro_per_s=%.0f\n",
					lines, inFlight, us[0].cpu, us[1].cpu, over, us[0].rate, us[1].rate)
			}
		}
	}
}

// spent is the processor time of one call in microseconds, and calls in a second.
type spent struct{ cpu, rate float64 }

// apart runs both kinds of call in turns, and gives the medians and that of the ratio.
func apart(b *testing.B, pids []int, inFlight int, calls ...func() error) (us []spent, over float64) {
	b.Helper()
	const rounds = 11
	each := 500 * min(inFlight, 10)
	cpu, rate, ratios := make([][]float64, len(calls)), make([][]float64, len(calls)), []float64{}
	crews := make([]*crew, len(calls))
	for i, call := range calls {
		crews[i] = newCrew(b, inFlight, call)
		defer close(crews[i].work)
	}
	for range rounds {
		for i := range calls {
			before, began := processorTime(b, pids), time.Now()
			crews[i].call(each)
			cpu[i] = append(cpu[i], float64((processorTime(b, pids)-before).Microseconds())/float64(each))
			rate[i] = append(rate[i], float64(each)/time.Since(began).Seconds())
		}
		ratios = append(ratios, cpu[0][len(cpu[0])-1]/cpu[1][len(cpu[1])-1])
	}
	for i := range calls {
		us = append(us, spent{median(cpu[i]), median(rate[i])})
	}
	return us, median(ratios)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// processorTime is what all threads of the processes have used, to the nanosecond.
func processorTime(b *testing.B, pids []int) (total time.Duration) {
	b.Helper()
	for _, pid := range pids {
		files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
		if err != nil || len(files) == 0 {
			b.Fatalf("the times of process %d cannot be read: %v", pid, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				continue // a thread that has ended
			}
			first, _, _ := strings.Cut(string(text), " ")
			ns, err := strconv.ParseInt(first, 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			total += time.Duration(ns)
		}
	}
	return total
}

// microCaller calls the till over nats.go alone, with the same JSON and a deadline.
func microCaller(b *testing.B, url string) func(cart) error {
	b.Helper()
	conn, err := nats.Connect(url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(conn.Close)
	return func(c cart) error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		data, err := json.Marshal(c)
		if err != nil {
			return err
		}
		res, err := conn.RequestWithContext(ctx, microSubject, data)
		if err != nil {
			return err
		}
		return json.Unmarshal(res.Data, new(total))
	}
}
