package conformance

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// edge is what a node counted for one caller and action.
func edge(n *bus.Node, caller, action string) bus.EdgeStats {
	for _, e := range n.Stats() {
		if e.Caller == caller && e.Action == action {
			return e
		}
	}
	return bus.EdgeStats{}
}

// counted is an edge in words.
func counted(e bus.EdgeStats) string {
	var parts []string
	for code, n := range e.Requests {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, bus.Code(code)))
		}
	}
	return fmt.Sprintf("%s of %d, %d in flight", strings.Join(parts, ", "), e.Duration.Count, e.InFlight)
}

// settled waits until the edge has all its calls: a callee in another process may
// count after the caller has its answer.
func settled(n *bus.Node, action string, calls uint64) string {
	until := time.Now().Add(patience)
	for {
		e := edge(n, "shop", action)
		if e.Duration.Count >= calls && e.InFlight == 0 || time.Now().After(until) {
			return counted(e)
		}
		<-time.After(time.Millisecond)
	}
}

// Proves: R17
func countRows() []row {
	const all = "2 ok, 1 deadline_exceeded, 3 failed_precondition, 1 internal of 7, 0 in flight"
	return []row{
		{name: "counts/every outcome, for the caller", run: func(w *world) string {
			outcomes(w)
			return settled(w.caller, "oracle.do", 7)
		}, want: all},
		{name: "counts/every outcome, for the callee", run: func(w *world) string {
			outcomes(w)
			return settled(w.callee, "oracle.do", 7)
		}, want: all},
		{name: "counts/nobody there", run: func(w *world) string {
			w.open()
			w.start()
			call(w, bus.NewAction[nothing, string]("oracle.ask"))
			return counted(edge(w.caller, "shop", "oracle.ask"))
		}, want: "1 unavailable of 1, 0 in flight"},
		{name: "counts/nested calls for the service that makes them", run: func(w *world) string {
			nestedCall(w)
			return counted(edge(w.callee, "oracle", "library.find"))
		}, want: "1 ok of 1, 0 in flight"},
		{name: "counts/time", run: countTime, want: "30ms to 5s"},
		{name: "counts/calls in flight", run: inFlight, want: "oracle.wait by shop as r-1; 1 in flight; afterwards 0"},
	}
}

// outcomes makes calls that end in different ways.
func outcomes(w *world) {
	a := serve(w, "oracle.do", func(ctx context.Context, what string) (nothing, error) {
		switch what {
		case "fail":
			return nothing{}, errMoody.Errorf("no")
		case "panic":
			panic("out of paper")
		case "wait":
			<-ctx.Done()
			return nothing{}, ctx.Err()
		}
		return nothing{}, nil
	})
	w.start()
	hurried := a.With(bus.Timeout(short))
	for _, what := range []string{"", "fail", "fail", "panic", "", "fail"} {
		_, _ = a.Call(w.t.Context(), w.shop, what)
	}
	_, _ = hurried.Call(w.t.Context(), w.shop, "wait")
}

func countTime(w *world) string {
	a := serve(w, "oracle.wait", func(context.Context, nothing) (nothing, error) {
		<-time.After(short)
		return nothing{}, nil
	})
	w.start()
	_, err := a.Call(w.t.Context(), w.shop, nothing{})
	sum := time.Duration(edge(w.caller, "shop", "oracle.wait").Duration.Sum * float64(time.Second))
	if err != nil || sum < short-time.Microsecond || sum > patience {
		return fmt.Sprint(sum, err)
	}
	return "30ms to 5s"
}

func inFlight(w *world) string {
	arrived, release := make(chan struct{}, several), newGate(w)
	a := serve(w, "oracle.wait", func(context.Context, nothing) (string, error) {
		arrived <- struct{}{}
		<-release.opened
		return "", nil
	})
	w.start()
	ended := make(chan error, several)
	go func() {
		_, err := a.Call(bus.WithRequestID(w.t.Context(), "r-1"), w.shop, nothing{})
		ended <- err
	}()
	await(w, arrived, "the handler")
	var seen []string
	for _, c := range w.caller.InFlight() {
		seen = append(seen, fmt.Sprintf("%s by %s as %s", c.Action, c.Caller, c.RequestID))
	}
	during := edge(w.caller, "shop", "oracle.wait").InFlight
	release.open()
	if err := await(w, ended, "the answer"); err != nil {
		return describe(err)
	}
	return lines(strings.Join(seen, ", "), fmt.Sprintf("%d in flight", during), fmt.Sprintf("afterwards %d", len(w.caller.InFlight())))
}
