package orchestrator_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// A service hears of the others, from when it runs until it stops, and what the
// stop of another one emits.
func TestServicesHearOfEachOther(t *testing.T) {
	heard, greeted := &journal{}, &journal{}
	last := bus.NewEvent[Text]("pricing.closed")
	apps := &fixture{name: "apps", make: func(b *bus.Bus, _ *service.Group) error {
		service.Changed.Subscribe(b, func(_ context.Context, c service.Change) error {
			heard.add(c.Service + " " + c.State + c.Error)
			return nil
		})
		last.Subscribe(b, func(_ context.Context, text Text) error {
			greeted.add(text.Text)
			return nil
		})
		return nil
	}}
	var pricing *bus.Bus
	r := newRig(t, binary(t, "dev", apps, &fixture{
		name: "pricing", calls: []string{"apps"},
		make: func(b *bus.Bus, _ *service.Group) error { pricing = b; return nil },
		stop: func(ctx context.Context) error { return last.Emit(ctx, pricing, Text{"pricing says good-bye"}) },
	}))
	url := r.start()
	res, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	page, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(page), `bus_events_emitted_total{event="orchestrator.serviceChanged",namespace="platform",node="dev",service="orchestrator"} 4`) {
		t.Errorf("%v, the metrics are %s", err, page)
	}
	r.want(r.stop(), 0)
	heard.want(t, "apps Running", "pricing Starting", "pricing Running", "pricing Stopping", "pricing Terminated", "apps Stopping")
	greeted.want(t, "pricing says good-bye")
}
