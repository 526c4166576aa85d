package lifecycle

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"
)

// Default budgets of a hook.
const (
	DefaultStartBudget = 10 * time.Second
	DefaultStopBudget  = 5 * time.Second
)

// Budgets bounds the hooks of one service. Zero means the default.
type Budgets struct {
	Start, Stop time.Duration
}

// OrDefault replaces what is zero.
func (b Budgets) OrDefault() Budgets {
	if b.Start <= 0 {
		b.Start = DefaultStartBudget
	}
	if b.Stop <= 0 {
		b.Stop = DefaultStopBudget
	}
	return b
}

// Gate shuts a service's actions while it is not running.
type Gate interface {
	// Hold makes calls to the service answer that it is not available.
	Hold(service string)
	// Release lets calls through. An error makes the service's start fail.
	Release(service string) error
}

// Options configures a Supervisor.
type Options struct {
	// Logger gets one line per hook; slog.Default when nil.
	Logger *slog.Logger
	// Abort ends when a start under way is to be given up; its cause stands in
	// the error. Nil: never. Stop hooks do not heed it.
	Abort context.Context
	// StopBase is what the contexts of stop hooks hang from; nil: nothing. It must
	// not end.
	StopBase context.Context
	// Gate is told when a service may be called; nil: nobody is.
	Gate Gate
	// OnChange is called after each change of a state, one call at a time. It
	// must not cause another change.
	OnChange func(Status)
	// OnFailure is called when a goroutine of a running service failed.
	OnFailure func(service string, err error)
}

// Supervisor guards hooks and knows the state of every service. It is safe for
// concurrent use.
type Supervisor struct {
	options Options

	// changing serializes changes together with their callbacks.
	changing sync.Mutex

	mu     sync.Mutex
	units  []*unit
	byName map[string]*unit
	// abandoned are the hooks that were given up and had not returned.
	abandoned []Abandoned
}

// NewSupervisor makes a supervisor that knows no service yet.
func NewSupervisor(o Options) *Supervisor {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Abort == nil {
		o.Abort = context.Background()
	}
	if o.StopBase == nil {
		o.StopBase = context.Background()
	}
	return &Supervisor{options: o, byName: map[string]*unit{}}
}

// Add registers a service in state New and shuts its gate. Its place in
// [Supervisor.Snapshot] is the order of the calls. Adding a name again changes
// nothing.
func (s *Supervisor) Add(service string) {
	if _, made := s.unit(service, true); made && s.options.Gate != nil {
		s.options.Gate.Hold(service)
	}
}

// unit finds the named unit, or makes it.
func (s *Supervisor) unit(name string, listed bool) (u *unit, made bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u = s.byName[name]; u != nil {
		return u, false
	}
	u = &unit{name: name, sup: s, listed: listed, status: Status{Service: name, Since: time.Now()}}
	u.log = s.options.Logger.With("service", name)
	s.byName[name] = u
	if listed {
		s.units = append(s.units, u)
	}
	return u, true
}

// Guard gives a lifecycle whose hooks run under the service's name and budgets.
// A lifecycle that is already guarded is unwrapped first, so that a hook passes
// exactly one guard however often its lifecycle was decorated on the way.
// A name that was not added, such as the process itself, is guarded but not
// listed.
func (s *Supervisor) Guard(name string, b Budgets, lc fx.Lifecycle) fx.Lifecycle {
	if g, ok := lc.(*guarded); ok {
		lc = g.inner
	}
	u, _ := s.unit(name, false)
	return &guarded{inner: lc, unit: u, budgets: b.OrDefault()}
}

// Construct runs a service's constructor on a goroutine, for at most a start's budget
// (the default one if that is longer), and until the start is called off. A
// constructor has no context that could tell it to return: one that is given up is
// left behind, and what it makes is not used.
func (s *Supervisor) Construct(service string, b Budgets, f func() error) error {
	u, _ := s.unit(service, false)
	budget := max(b.OrDefault().Start, DefaultStartBudget)
	_, err := (&hook{unit: u}).run(job{Construct, budget, context.Background(), s.options.Abort, func(context.Context) error { return f() }})
	return err
}

// Snapshot gives the status of every added service, in the order of the adding.
func (s *Supervisor) Snapshot() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Status, len(s.units))
	for i, u := range s.units {
		all[i] = u.status
	}
	return all
}

// Fail records that a goroutine of a service panicked or ended with an error,
// and calls OnFailure. The service is not stopped by it: that is for whoever
// listens.
func (s *Supervisor) Fail(service string, err error) {
	u, _ := s.unit(service, false)
	s.mu.Lock()
	u.status.Failures++
	s.mu.Unlock()
	u.log.Error("goroutine failed", logged(err)...)
	u.enter(Failed, err)
	if s.options.OnFailure != nil {
		s.options.OnFailure(service, err)
	}
}

// Abandoned is a hook that was given up and goes on running.
type Abandoned struct {
	Service string
	Phase   Phase
	Since   time.Time
	gone    <-chan struct{}
}

func (s *Supervisor) abandon(service string, phase Phase, since time.Time, c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.abandoned = append(s.abandoned, Abandoned{Service: service, Phase: phase, Since: since, gone: c.gone})
}

// Leftover waits until ctx ends for the hooks that were given up, and for the
// stop of those that succeeded too late. It returns those that still run.
func (s *Supervisor) Leftover(ctx context.Context) []Abandoned {
	s.mu.Lock()
	all := s.abandoned
	s.mu.Unlock()
	var left []Abandoned
	for _, a := range all {
		select {
		case <-a.gone:
			continue
		default: // also where ctx has ended
		}
		select {
		case <-a.gone:
		case <-ctx.Done():
			left = append(left, a)
		}
	}
	return left
}
