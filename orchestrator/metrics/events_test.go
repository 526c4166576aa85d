package metrics

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
)

var sold = bus.NewEvent[order]("shop.sold")

// Proves: R18.
func TestEventsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := membus.New(bus.Options{Logger: slog.New(slog.DiscardHandler)})
		finish := make(chan struct{})
		sold.Subscribe(node.View("mail"), func(_ context.Context, o order) error {
			<-finish
			if o.Outcome == "error" {
				return errors.New("no ink")
			}
			return nil
		}, bus.QueueSize(2))
		collector := NewEvents(node, Identity{})
		for _, outcome := range []string{"success", "error", "success", "too many"} {
			if err := sold.Emit(t.Context(), node.View("shop"), order{outcome}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		compare := func(want string) {
			t.Helper()
			if err := testutil.CollectAndCompare(collector, strings.NewReader(want),
				"bus_events_emitted_total", "bus_events_delivered_total", "bus_events_failed_total", "bus_events_dropped_total", "bus_events_queued"); err != nil {
				t.Error(err)
			}
		}
		const head = `
# HELP bus_events_emitted_total Events that were emitted or broadcast in this process.
# TYPE bus_events_emitted_total counter
bus_events_emitted_total{event="shop.sold",service="shop"} 4
# HELP bus_events_dropped_total Events that a subscriber did not get, by reason.
# TYPE bus_events_dropped_total counter
bus_events_dropped_total{event="shop.sold",reason="queue_full",subscriber="mail"} 1
# HELP bus_events_delivered_total Events that a subscriber has handled, with whatever outcome.
# TYPE bus_events_delivered_total counter
# HELP bus_events_failed_total Events whose handler returned an error or panicked; they are among the delivered ones.
# TYPE bus_events_failed_total counter
# HELP bus_events_queued Events that were accepted and are not handled, the one being handled included.
# TYPE bus_events_queued gauge
`
		compare(head + `
bus_events_delivered_total{event="shop.sold",subscriber="mail"} 0
bus_events_failed_total{event="shop.sold",subscriber="mail"} 0
bus_events_queued{event="shop.sold",subscriber="mail"} 3
`)
		close(finish)
		synctest.Wait()
		compare(head + `
bus_events_delivered_total{event="shop.sold",subscriber="mail"} 3
bus_events_failed_total{event="shop.sold",subscriber="mail"} 1
bus_events_queued{event="shop.sold",subscriber="mail"} 0
`)
		if got := testutil.CollectAndCount(collector, "bus_event_duration_seconds"); got != 1 {
			t.Errorf("%d histograms, want 1", got)
		}
		if h := node.EventStats().Subscribers[0].Duration; h.Count != 3 {
			t.Errorf("the histogram has %d events, want 3", h.Count)
		}
	})
}
