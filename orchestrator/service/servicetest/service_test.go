package servicetest

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

var (
	describe = bus.NewAction[struct{}, string]("clerk.describe")
	fetch    = bus.NewAction[string, string]("archive.fetch")
)

// clerk is a service that does what its fields say.
type clerk struct {
	start, stop func(ctx context.Context) error
}

func (c *clerk) Start(ctx context.Context) error { return c.start(ctx) }
func (c *clerk) Stop(ctx context.Context) error  { return c.stop(ctx) }

type clerkConfig struct {
	Name string `yaml:"name"`
}

var errNoName = errors.New("name must be set")

// Validate refuses a clerk without a name.
func (c clerkConfig) Validate() error {
	if c.Name == "" {
		return errNoName
	}
	return nil
}

func fine(context.Context) error { return nil }

type clerkParams struct {
	Bus         *bus.Bus
	Config      clerkConfig
	Plugins     plugin.Set
	Environment service.Environment
}

// clerks is a module whose service is like the given one.
func clerks(like clerk, opts ...service.Option) service.Definition {
	if like.start == nil {
		like.start = fine
	}
	if like.stop == nil {
		like.stop = fine
	}
	opts = append(opts, service.Config(func() clerkConfig { return clerkConfig{Name: "Bob"} }))
	return service.Module[*clerk]("clerk", func(p clerkParams) (*clerk, error) {
		describe.Handle(p.Bus, func(ctx context.Context, _ struct{}) (string, error) {
			if p.Config.Name == "reader" {
				return fetch.Call(ctx, p.Bus, "file")
			}
			return p.Config.Name + " in " + string(p.Environment) + " with " + strings.Repeat("plugin", len(p.Plugins)), nil
		})
		return &like, nil
	}, opts...)
}

func TestStartRunsTheRealModule(t *testing.T) {
	for name, c := range map[string]struct {
		opts []Option
		want string
	}{
		"defaults": {nil, "Bob in development with "},
		"settings": {[]Option{Settings("name: Ann\n")}, "Ann in development with "},
		"config":   {[]Option{Config(func(c *clerkConfig) { c.Name += "by" })}, "Bobby in development with "},
		"process":  {[]Option{Production(), Plugins(plugin.Plugin{})}, "Bob in production with plugin"},
	} {
		s := Start(t, clerks(clerk{}), c.opts...)
		if got, err := describe.Call(t.Context(), s.Caller(), struct{}{}); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err := errors.Join(s.Stop(), s.Stop()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := describe.Call(t.Context(), s.Caller(), struct{}{}); bus.CodeOf(err) != bus.Unavailable {
			t.Errorf("%s: a call after the stop: %v", name, err)
		}
	}
}

func TestStartOnANodeWithFakes(t *testing.T) {
	node := bustest.New(t)
	archive := bustest.Fake(t, node, fetch, func(_ context.Context, name string) (string, error) { return "a " + name, nil })
	s := Start(t, clerks(clerk{}), On(node), Settings("name: reader"))
	if got, err := describe.Call(t.Context(), s.Caller(), struct{}{}); err != nil || got != "a file" || len(archive.Calls()) != 1 || s.Node() != node {
		t.Errorf("got %q, %v", got, err)
	}
}

var errDisk = errors.New("the disk is full")

func fails(context.Context) error { return errDisk }

func TestStartFailsTheTest(t *testing.T) {
	for name, c := range map[string]struct {
		d    service.Definition
		opts []Option
		says string
	}{
		"unknown setting": {clerks(clerk{}), []Option{Settings("nmae: Ann")}, `the settings of the service clerk are refused`},
		"invalid setting": {clerks(clerk{}), []Option{Settings(`name: ""`)}, "name must be set"},
		"invalid config":  {clerks(clerk{}), []Option{Config(func(c *clerkConfig) { c.Name = "" })}, "name must be set"},
		"other config":    {clerks(clerk{}), []Option{Config(func(*int) {})}, "are a *servicetest.clerkConfig, not a *int"},
		"constructor": {service.Module[*clerk]("clerk", func(struct{}) (*clerk, error) { return nil, errDisk }), nil,
			`service "clerk" could not be constructed: the disk is full`},
		"declaration": {service.Module[*clerk]("clerk", func(int) (*clerk, error) { return nil, errDisk }), nil, `service "clerk": the constructor must take a struct`},
		"wiring": {service.Module[*int]("clerk", func(p struct{ Bus *bus.Bus }) (*int, error) {
			fetch.Handle(p.Bus, nil)
			return new(int), nil
		}), nil, "the bus was wired wrongly"},
		"start": {clerks(clerk{start: fails}), nil, "the service clerk did not start"},
		"stop":  {clerks(clerk{stop: fails}), nil, "the service clerk did not stop as it should"},
	} {
		r := bustest.Trial(func(t testing.TB) { Start(t, c.d, c.opts...) })
		if !r.Failed || !strings.Contains(r.String(), c.says) {
			t.Errorf("%s: failed %v, want %q in\n%s", name, r.Failed, c.says, r)
		}
	}
}

func TestFailingGoroutineFailsTheTest(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		r := bustest.Trial(func(t testing.TB) {
			Start(t, service.Module[*int]("clerk", func(p struct{ Group *service.Group }) (*int, error) {
				p.Group.Go("tick", fails)
				return new(int), nil
			}))
			synctest.Wait()
		})
		if want := `goroutine "tick": the disk is full`; !r.Failed || !strings.Contains(r.String(), want) {
			t.Errorf("failed %v, want %q in\n%s", r.Failed, want, r)
		}
	})
}

func TestMissingCallees(t *testing.T) {
	calls := []use{{"a.b", "aapi.B", "x.go:1:2"}, {"a.c", "aapi.C", "x.go:3:4"}, {"a.d", "aapi.D", "x.go:5:6"}}
	got := missing(calls, []bus.ActionInfo{{Name: "a.b", Handled: true}, {Name: "a.c"}}, map[string]bool{"a.d": true})
	if len(got) != 1 || got[0] != "  a.c as aapi.C, first in x.go:3:4" {
		t.Errorf("missing %q", got)
	}
}

// The detector is tested: each of these breaks one promise.
func TestLifecycleFindsWhatIsBroken(t *testing.T) {
	release, ended := make(chan struct{}), make(chan struct{}, 100)
	defer close(release)
	for name, c := range map[string]struct {
		d    service.Definition
		opts []Option
		says string // empty: nothing
	}{
		"sound":        {clerks(clerk{}), nil, ""},
		"no start":     {clerks(clerk{start: fails}), nil, "did not start: service \"clerk\""},
		"no stop":      {clerks(clerk{stop: fails}), nil, "the service clerk, stopped: "},
		"slow stop":    {clerks(clerk{stop: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, service.StopBudget(time.Millisecond)), nil, "the service clerk, stopped: "},
		"bad answer":   {clerks(clerk{}), []Option{Probe(func(*bus.Bus) error { return errDisk })}, "called after its start: the disk is full"},
		"bad settings": {clerks(clerk{}), []Option{Settings("nmae: Ann")}, "refused"},
		"leaks": {clerks(clerk{start: func(context.Context) error {
			go func() { <-release }()
			return nil
		}}), nil, "leaves goroutines behind"},
		"leaks before its start": {service.Module[*int]("clerk", func(struct{}) (*int, error) {
			go func() { <-release }()
			return new(int), nil
		}), nil, "leaves goroutines behind"},
		"works on the start's time": {onBorrowedTime(ended), []Option{Probe(awaits(ended))}, "context canceled"},
		"has one life":              {oneLife(), nil, "there is one clerk already"},
	} {
		r := bustest.Trial(func(t testing.TB) { Lifecycle(t, c.d, c.opts...) })
		if r.Failed != (c.says != "") || !strings.Contains(r.String(), c.says) {
			t.Errorf("%s: failed %v, want %q in\n%s", name, r.Failed, c.says, r)
		}
	}
}

// onBorrowedTime uses the context of its Start for work that goes on after it.
func onBorrowedTime(ended chan<- struct{}) service.Definition {
	return service.Module[*clerk]("clerk", func(p struct{ Group *service.Group }) (*clerk, error) {
		return &clerk{stop: fine, start: func(start context.Context) error {
			p.Group.Go("tick", func(context.Context) error {
				<-start.Done()
				ended <- struct{}{}
				return errors.New(start.Err().Error())
			})
			return nil
		}}, nil
	})
}

// awaits is a probe that waits for a goroutine which has as good as ended, so that it
// does not end while the service stops.
func awaits(ended <-chan struct{}) func(*bus.Bus) error {
	return func(*bus.Bus) error {
		<-ended
		for range 1000 {
			runtime.Gosched()
		}
		return nil
	}
}

// oneLife keeps something of the process to itself.
func oneLife() service.Definition {
	taken := false
	return service.Module[*clerk]("clerk", func(struct{}) (*clerk, error) {
		return &clerk{stop: fine, start: func(context.Context) error {
			if taken {
				return errors.New("there is one clerk already")
			}
			taken = true
			return nil
		}}, nil
	})
}

// What was accepted before the end of a test is handled, as when a process stops.
func TestEventsAreHandledBeforeTheEnd(t *testing.T) {
	noted := bus.NewEvent[int]("clerk.noted")
	heard := 0
	d := service.Module[*clerk]("clerk", func(p struct{ Bus *bus.Bus }) (*clerk, error) {
		noted.Subscribe(p.Bus, func(ctx context.Context, _ int) error {
			runtime.Gosched()
			heard++
			return ctx.Err()
		})
		return &clerk{start: fine, stop: fine}, nil
	})
	result := bustest.Trial(func(t testing.TB) {
		node := bustest.New(t)
		Start(t, d, On(node))
		for i := range 500 {
			if err := noted.Emit(t.Context(), node.View("clerk"), i); err != nil {
				t.Error(err)
			}
		}
	})
	if result.Failed || heard != 500 {
		t.Errorf("heard %d of 500: %s", heard, result)
	}
}
