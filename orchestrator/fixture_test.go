package orchestrator_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// journal is the order in which services did things.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

func (j *journal) want(t *testing.T, lines ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.lines, lines) {
		t.Errorf("happened:\n  %s\nwant:\n  %s", strings.Join(j.lines, "\n  "), strings.Join(lines, "\n  "))
	}
}

// fixture is a small service that does what a test tells it.
type fixture struct {
	name        string
	calls       []string
	remote      []string
	journal     *journal
	make        func(b *bus.Bus, g *service.Group) error
	start, stop func(ctx context.Context) error
	options     []service.Option
}

func (f *fixture) Start(ctx context.Context) error { return f.step(ctx, "start", f.start) }
func (f *fixture) Stop(ctx context.Context) error  { return f.step(ctx, "stop", f.stop) }

func (f *fixture) step(ctx context.Context, what string, do func(context.Context) error) error {
	if f.journal != nil {
		f.journal.add(what + " " + f.name)
	}
	if do == nil {
		return nil
	}
	return do(ctx)
}

// params are what fixtures are made of.
type params struct {
	Bus   *bus.Bus
	Log   *slog.Logger
	Group *service.Group
}

func (f *fixture) definition() service.Definition {
	return service.Module[*fixture](f.name, func(p params) (*fixture, error) {
		if f.make == nil {
			return f, nil
		}
		return f, f.make(p.Bus, p.Group)
	}, f.options...)
}

// binary links fixtures as tools/gen would.
func binary(t testing.TB, variant string, all ...*fixture) orchestrator.Binary {
	t.Helper()
	m := manifest.Manifest{Variant: variant, Transports: []string{"memory"}}
	m.Selection = manifest.Selection{Variant: variant, Transports: []string{"memory"}}
	b := orchestrator.Binary{Transports: orchestrator.Transports(membus.Transport)}
	for _, f := range all {
		m.Services = append(m.Services, manifest.Service{Name: f.name, Import: "example.com/" + f.name, Calls: append(f.calls, f.remote...)})
		m.Remote = append(m.Remote, f.remote...)
		m.Selection.Remote = append(m.Selection.Remote, f.remote...)
		m.Selection.Services = append(m.Selection.Services, f.name)
		b.Services = append(b.Services, f.definition())
	}
	m.Config = m.Selection.Digest()
	data, err := manifest.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	b.Manifest = data
	return b
}

var errDisk = errors.New("the disk is full")

// topic is metadata that echo hears of.
var topic = bus.NewMetadata("topic")

// echo is an action that answers with what it got, in the service given.
func echo(serviceName string) (*bus.Action[Text, Text], func(b *bus.Bus, g *service.Group) error) {
	action := bus.NewAction[Text, Text](serviceName + ".echo").Doc("says it again").Example(Text{"it's me"})
	return action, func(b *bus.Bus, _ *service.Group) error {
		action.Handle(b, func(ctx context.Context, in Text) (Text, error) {
			if of := topic.Of(ctx); of != "" {
				in.Text += " about " + of
			}
			if in.Text == "" {
				return Text{}, bus.Invalid(bus.FieldError{Field: "text", Rule: "required", Message: "say something"})
			}
			return in, nil
		})
		return nil
	}
}

// Text is a request and a response.
type Text struct {
	Text string `json:"text"`
}

func refused(context.Context, Text) (Text, error) {
	return Text{}, bus.Errorf(bus.FailedPrecondition, "not today")
}
