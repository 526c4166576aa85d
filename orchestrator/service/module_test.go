package service

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/plugin"
)

// process is what package orchestrator makes, as far as a service sees it.
type process struct {
	host     *host.Host
	log      *strings.Builder
	failures chan string
}

func newProcess() *process {
	p := &process{log: &strings.Builder{}, failures: make(chan string, 8)}
	log := slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p.host = &host.Host{
		Node: membus.New(bus.Options{Logger: log}), Logger: log, Environment: "development",
		Plugins: plugin.Set{}, Settings: map[string]any{},
	}
	p.host.Supervisor = lifecycle.NewSupervisor(lifecycle.Options{
		Logger: log, Gate: p.host.Node,
		OnFailure: func(service string, err error) { p.failures <- service + ": " + err.Error() },
	})
	return p
}

// app makes the fx application of the services; decode overlays their settings.
func (p *process) app(t *testing.T, decode func(service string, into any) error, services ...Definition) *fx.App {
	t.Helper()
	opts := []fx.Option{fx.NopLogger, fx.Supply(p.host)}
	for _, d := range services {
		p.host.Supervisor.Add(d.Name)
		value, err := d.Configure(func(into any) error { return decode(d.Name, into) })
		if err != nil {
			t.Fatal(err)
		}
		p.host.Settings[d.Name] = value
		opts = append(opts, d)
	}
	return fx.New(opts...)
}

func defaultsOnly(string, any) error { return nil }

type settings struct{ Greeting string }

// greeter asks for everything a constructor may ask for.
type greeter struct {
	bus     *bus.Bus
	config  settings
	env     Environment
	plugins plugin.Set

	mu     sync.Mutex
	events []string
}

func (s *greeter) happened(event string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, event)
	return nil
}

type greeterParams struct {
	Bus         *bus.Bus
	Log         *slog.Logger
	Settings    settings
	Group       *Group
	Plugins     plugin.Set
	Environment Environment
}

func newGreeter(p greeterParams) *greeter {
	s := &greeter{bus: p.Bus, config: p.Settings, env: p.Environment, plugins: p.Plugins}
	p.Log.Info("made")
	p.Group.Go("tick", func(ctx context.Context) error {
		_ = s.happened("tick")
		<-ctx.Done()
		return s.happened("tock")
	})
	return s
}

func (s *greeter) Start(context.Context) error { return s.happened("start") }
func (s *greeter) Stop(context.Context) error  { return s.happened("stop") }

func TestModuleGivesAServiceItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess()
		var made []*greeter
		constructor := func(p greeterParams) (*greeter, error) {
			s := newGreeter(p)
			made = append(made, s)
			return s, nil
		}
		defaults := Config(func() settings { return settings{Greeting: "hello"} })
		app := p.app(t, func(service string, into any) error {
			if service == "second" {
				into.(*settings).Greeting = "good day"
			}
			return nil
		}, Module[*greeter]("first", constructor, defaults), Module[*greeter]("second", constructor, defaults))
		if err := app.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		for i, want := range []struct{ name, greeting string }{{"first", "hello"}, {"second", "good day"}} {
			s := made[i]
			if s.bus.Owner() != want.name || s.config.Greeting != want.greeting || s.env != Development || s.plugins == nil {
				t.Errorf("service %d has %+v", i, s)
			}
			if got := strings.Join(s.events[:3], " "); got != "start tick tock" && got != "start tick stop" {
				t.Errorf("events %v", s.events)
			}
			if !slices.Contains(s.events, "stop") || len(s.events) != 4 {
				t.Errorf("events %v", s.events)
			}
			if !strings.Contains(p.log.String(), "msg=made service="+want.name) {
				t.Errorf("no line of %s in\n%s", want.name, p.log)
			}
		}
	})
}

func TestFailingGoroutineIsReportedUnderTheServicesName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProcess()
		app := p.app(t, defaultsOnly, Module[*greeter]("first", func(p struct{ Group *Group }) (*greeter, error) {
			p.Group.Go("tick", func(context.Context) error { panic("out of paper") })
			return &greeter{}, nil
		}))
		if err := app.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := <-p.failures; got != `first: goroutine "tick": panic: out of paper` {
			t.Error(got)
		}
		if s := p.host.Supervisor.Snapshot()[0]; s.State != lifecycle.Failed || s.Failures != 1 {
			t.Errorf("status %+v", s)
		}
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// starter is a service whose Start does what it is told.
type starter struct {
	group *Group
	start func(ctx context.Context, g *Group) error
}

func (s *starter) Start(ctx context.Context) error { return s.start(ctx, s.group) }

// A start that fails in any way leaves no goroutine behind.
func TestGoroutinesDoNotOutliveAFailedStart(t *testing.T) {
	for name, how := range map[string]func(ctx context.Context) error{
		"error": func(context.Context) error { return errDisk },
		"panic": func(context.Context) error { panic("out of paper") },
		"hang":  func(ctx context.Context) error { <-ctx.Done(); <-time.After(time.Hour); return errDisk },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, running := newProcess(), 0
				app := p.app(t, defaultsOnly, Module[*starter]("first", func(p struct{ Group *Group }) (*starter, error) {
					p.Group.Go("queued", func(context.Context) error { running += 100; return nil })
					return &starter{group: p.Group, start: func(ctx context.Context, g *Group) error {
						running++
						g.Go("begun", func(ctx context.Context) error { <-ctx.Done(); running--; return nil })
						return how(ctx)
					}}, nil
				}, StartBudget(time.Second)))
				if err := app.Start(context.Background()); err == nil {
					t.Error("the start succeeded")
				}
				synctest.Wait()
				if running != 0 {
					t.Errorf("%d goroutines are left", running)
				}
				p.host.Supervisor.Leftover(context.Background())
			})
		})
	}
}

type wrongHook struct{}

func (wrongHook) Start() error { return nil }

// storeParams ask for what there is, for what nobody provides, and for what nobody may fill.
type storeParams struct {
	Bus   *bus.Bus
	Store *testing.T
	log   *slog.Logger
}

func newStore(p storeParams) (*greeter, error) { return &greeter{bus: p.Bus}, p.Store.Context().Err() }

func TestModuleReportsAWrongDeclaration(t *testing.T) {
	missing := Module[*greeter]("bad", newStore)
	for _, c := range []struct {
		name string
		d    Definition
		says string
	}{
		{"nil", Module[*greeter, struct{}]("bad", nil), "the constructor is nil"},
		{"no struct", Module[*greeter]("bad", func(*bus.Bus) (*greeter, error) { return nil, nil }), "must take a struct, whose fields say what it needs; it takes *bus.Bus"},
		{"nobody provides", missing, "the field Store of service.storeParams is of the type *testing.T, which nobody provides; a field may be of " +
			"*bus.Bus, *service.Group, *slog.Logger, plugin.Set, service.Environment, and of the type of the settings"},
		{"not exported", missing, "the field log of service.storeParams is not exported"},
		{"settings not declared", Module[*greeter]("bad", func(greeterParams) (*greeter, error) { return nil, nil }), "if service.settings is that, give service.Module the option service.Config(DefaultConfig), where DefaultConfig is the func() service.settings of the defaults"},
		{"wrong hook", Module[wrongHook]("bad", func(struct{}) (wrongHook, error) { return wrongHook{}, nil }), "method Start of service.wrongHook must be func(context.Context) error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := newProcess().app(t, defaultsOnly, c.d).Err()
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), `service "bad"`) {
				t.Errorf("error %v, want one of service \"bad\" that says %q", err, c.says)
			}
		})
	}
}

// Proves: R2: the error names the service and the cause, also for a panic.
func TestConstructorFailureNamesTheService(t *testing.T) {
	for name, constructor := range map[string]func(struct{}) (*greeter, error){
		"the disk is full": func(struct{}) (*greeter, error) { return nil, errDisk },
		"out of paper":     func(struct{}) (*greeter, error) { panic("out of paper") },
	} {
		err := newProcess().app(t, defaultsOnly, Module[*greeter]("pricing", constructor)).Err()
		var failed *ConstructError
		if !errors.As(err, &failed) || failed.Service != "pricing" || !strings.Contains(failed.Error(), name) {
			t.Errorf("error %v", err)
		}
	}
}

func TestServiceWithoutSettingsNoticesThem(t *testing.T) {
	d := Module[*greeter]("plain", func(struct{}) (*greeter, error) { return &greeter{}, nil })
	_, err := d.Configure(func(into any) error {
		if _, empty := into.(*struct{}); !empty {
			t.Errorf("decodes into %T", into)
		}
		return errDisk
	})
	if !errors.Is(err, errDisk) {
		t.Error(err)
	}
}
