package process

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

// process is the program while it runs services.
type process struct {
	*life

	plan Plan
	log  *slog.Logger
	id   string // of the node
	// machinery is the log for what is not the services' own.
	machinery *slog.Logger
	throttle  throttle
	node      *bus.Node
	gate      *gate
	sup       *lifecycle.Supervisor
	app       *fx.App
	admin     *admin.Server
	run       runfile.Entry
	recorded  *runfile.File // nil until it is written
	ready     atomic.Bool

	mu       sync.Mutex
	failures []error
}

// newProcess makes the process's parts and constructs the services. Nothing is
// started.
func newProcess(l *life, plan Plan, log *slog.Logger) (*process, error) {
	made := &process{life: l, plan: plan, log: log, id: cmp.Or(plan.settings.NodeID, nodeID(l.Manifest.Variant))}
	made.throttle = newThrottle(log.Handler())
	made.machinery = slog.New(made.throttle)
	o, err := made.busOptions()
	if err != nil {
		return nil, err
	}
	made.node = bus.NewNode(o)
	made.gate = &gate{Node: made.node, log: log, left: settleBudget}
	made.sup = lifecycle.NewSupervisor(lifecycle.Options{
		Logger: log, Gate: made.gate, Abort: l.stop, OnFailure: made.serviceFailed, OnChange: made.changed,
		StopBase: bus.WhileDraining(context.Background()),
	})
	made.app = fx.New(made.modules()...)
	if err := made.app.Err(); err != nil {
		return nil, err
	}
	return made, made.node.Check()
}

// Rehearse makes the services as Run does, starts nothing, and lets go of them.
// It returns their actions.
func (in *Program) Rehearse(ctx context.Context, p Plan) ([]bus.ActionInfo, error) {
	l := &life{Program: in}
	l.stop, l.interrupt = context.WithCancelCause(ctx)
	defer l.interrupt(nil)
	made, err := newProcess(l, p, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, fmt.Errorf("the services could not be made: %w", err)
	}
	return made.node.Actions(), made.node.Close(ctx)
}

// nodeID names this run of the program to other processes unless the settings do:
// readable, and no two alike.
func nodeID(variant string) string { return variant + "-" + strings.ToLower(rand.Text()[:8]) }

// modules are the options of fx. They are listed in start order, which is the
// order in which fx constructs and starts them.
func (p *process) modules() []fx.Option {
	h := &host.Host{
		Node: p.node, Supervisor: p.sup, Logger: p.log, Environment: p.plan.settings.Environment,
		Plugins: p.plan.plugins, Settings: p.plan.decoded,
	}
	all := []fx.Option{
		fx.NopLogger, fx.Supply(h), fx.RecoverFromPanics(),
		fx.Decorate(func(lc fx.Lifecycle) fx.Lifecycle {
			return p.sup.Guard("orchestrator", lifecycle.Budgets{}, lc)
		}),
	}
	for _, d := range p.plan.services {
		p.sup.Add(d.Name)
		all = append(all, d)
	}
	return all
}

// serviceFailed notes what a goroutine of a service did and stops the process.
func (p *process) serviceFailed(name string, err error) {
	err = fmt.Errorf("service %q failed: %w", name, err)
	p.mu.Lock()
	p.failures = append(p.failures, err)
	p.mu.Unlock()
	p.interrupt(err)
}

func (p *process) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return errors.Join(p.failures...)
}

// start brings everything up, in this order: the admin server, so that probes
// are answered while services start; the transport; the services. fx's context
// never ends: the guards of the hooks are what bounds them.
func (p *process) start() error {
	for _, step := range []func() error{p.listen, p.connect} {
		err := step()
		if p.stop.Err() != nil { // whatever that made of the step
			return &lifecycle.AbortError{Cause: context.Cause(p.stop)}
		}
		if err != nil {
			return err
		}
	}
	if err := p.app.Start(context.Background()); err != nil {
		return err
	}
	p.ready.Store(true)
	return nil
}

// connect starts the transport. It has no budget: a process that waits for its NATS
// server says so in its log and is not ready, which is what whoever started it wants
// to see.
func (p *process) connect() error {
	if err := p.node.Start(p.stop); err != nil {
		return fmt.Errorf("the transport %s could not be started: %w", p.plan.settings.Transporter, err)
	}
	return nil
}

// listen listens before anything else starts, so that a busy port is known
// while there is nothing to undo.
func (p *process) listen() error {
	s := p.plan.settings
	p.admin = admin.New(admin.Options{
		Node: p.node, ManifestJSON: p.ManifestJSON, Ready: p.readiness, Gatherer: p.metrics(),
		Development: s.Environment != config.Production, Logger: p.machinery,
		Address: net.JoinHostPort(s.AdminAddress, strconv.Itoa(s.MetricsPort)),
		Hosts:   s.AdminHosts, Token: s.AdminToken,
	})
	bound, err := p.admin.Listen(p.stop)
	if err != nil {
		return err
	}
	p.run = runfile.Entry{
		PID: os.Getpid(), Node: p.id, Admin: adminURL(bound, s.AdminAddress),
		Variant: p.Manifest.Variant, Config: p.plan.conf.Path,
	}
	go func() {
		if err := p.admin.Serve(); err != nil {
			p.serviceFailed("orchestrator", err)
		}
	}()
	return nil
}

// adminURL is how this machine reaches the admin server that listens at bound
// because the settings say address. One that listens everywhere is reached over
// loopback, of the kind that was asked for: a socket for 0.0.0.0 says that it is
// bound to ::, also where there is no ::1.
func adminURL(bound net.Addr, address string) string {
	tcp, ok := bound.(*net.TCPAddr)
	if !ok {
		return "http://" + bound.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = Reachable(address)
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port))
}

// Reachable is an address to connect to, of one to listen on.
func Reachable(address string) string {
	switch address {
	case "0.0.0.0":
		return "127.0.0.1"
	case "::":
		return "::1"
	}
	return address
}
