package orchestrator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// through is a propagator that changes nothing.
type through struct{}

func (through) Inject(context.Context) string                         { return "" }
func (through) Extract(ctx context.Context, _ string) context.Context { return ctx }

// tells is an observer that notes the calls it sees.
func tells(j *journal, name string) service.Option {
	return service.Observe(bus.Observer{After: func(_ context.Context, i bus.Info, _ error) { j.add(name + " saw " + i.Action) }})
}

// A service brings observers for the calls of all, in start order, if it runs.
func TestServicesObserve(t *testing.T) {
	j := &journal{}
	say := bus.NewAction[Text, Text]("apps.say")
	r := newRig(t, binary(t, "dev",
		&fixture{name: "apps", make: func(b *bus.Bus, _ *service.Group) error {
			say.Handle(b, func(_ context.Context, in Text) (Text, error) { return in, nil })
			return nil
		}},
		&fixture{name: "idle", options: []service.Option{tells(j, "idle")}},
		&fixture{name: "meter", options: []service.Option{tells(j, "meter"), tells(j, "gauge")}},
		&fixture{name: "tracing", options: []service.Option{tells(j, "tracing"), service.Propagate(through{})}},
	)).set("ORCHESTRATOR_SERVICES=apps,meter,tracing")
	if _, err := client.Call(t.Context(), r.start(), "apps.say", []byte(`{"text":"hi"}`), client.Options{}); err != nil {
		t.Error(err)
	}
	r.want(r.stop(), 0)
	j.want(t, "tracing saw apps.say", "gauge saw apps.say", "meter saw apps.say")
}

func TestOnePropagatorIsEnough(t *testing.T) {
	brings := []service.Option{service.Propagate(through{})}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "otel", options: brings}, &fixture{name: "zipkin", options: brings}))
	r.want(r.run(), 1)
	if told := r.stderr.String(); !strings.Contains(told, "the services otel and zipkin both bring a propagator") {
		t.Errorf("told %s", told)
	}
}
