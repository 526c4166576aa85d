package orchestrator_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// greeted is a request with a name that does not get over a wire as it is.
type greeted struct {
	Name shout `json:"name"`
}

// shout writes itself in upper case: a copy keeps what the wire loses.
type shout string

func (s shout) MarshalText() ([]byte, error) { return []byte(strings.ToUpper(string(s))), nil }

func (s *shout) UnmarshalText(text []byte) error {
	*s = shout(text)
	return nil
}

// Strict is on in development, so that what one process hides shows before there
// are two; the file and the environment have their say.
func TestStrictShowsWhatSeveralProcessesWouldLose(t *testing.T) {
	for _, c := range []struct {
		file, env string
		want      shout
		code      int
	}{
		{"", "", "ADA", 0},
		{"", "NODE_ENV=production", "Ada", 0},
		{"strict: true, ", "NODE_ENV=production", "ADA", 0},
		{"strict: false, ", "", "Ada", 0},
		{"strict: true, ", "ORCHESTRATOR_STRICT=false", "Ada", 0},
		{"", "ORCHESTRATOR_STRICT=yes", "", 1},
		{"strict: 1, ", "", "", 1},
	} {
		got := shout("not called")
		fill := bus.NewAction[greeted, Text]("alpha.fill")
		alpha := &fixture{name: "alpha", make: func(b *bus.Bus, _ *service.Group) error {
			fill.Handle(b, func(_ context.Context, req greeted) (Text, error) { got = req.Name; return Text{}, nil })
			return nil
		}}
		beta := &fixture{name: "beta", calls: []string{"alpha"}}
		beta.make = func(b *bus.Bus, _ *service.Group) error {
			beta.start = func(ctx context.Context) error {
				_, err := fill.Call(ctx, b, greeted{Name: "Ada"})
				return err
			}
			return nil
		}
		r := newRig(t, binary(t, "dev", alpha, beta)).
			config("orchestrator: {" + c.file + "services: [alpha, beta], transports: [memory]}").set(c.env)
		if c.code != 0 {
			r.want(r.run(), c.code, "write true or false")
			continue
		}
		r.start()
		r.want(r.stop(), 0)
		if got != c.want {
			t.Errorf("%q with %q: the handler got %q, want %q", c.file, c.env, got, c.want)
		}
	}
}
