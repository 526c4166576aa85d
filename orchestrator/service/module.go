package service

import (
	"log/slog"
	"reflect"
	"runtime"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
	"github.com/shopanaio/orchestrator/plugin"
)

// Module declares a service. The constructor returns S, or S and an error, and
// asks for what the package comment lists; S may have Start(context.Context)
// error and Stop(context.Context) error. A mistake in the declaration, such as a
// constructor of another type or a Start with another signature, is reported
// when the process starts, and names the service.
func Module[S any](name string, constructor any, opts ...Option) Definition {
	d := Definition{Name: name}
	for _, o := range opts {
		o(&d.spec)
	}
	d.spec.source = sourceOf(constructor)
	guarded, err := guard[S](name, constructor, d.spec)
	if err != nil {
		d.Option = fx.Module(name, fx.Error(err))
		return d
	}
	d.Option = fx.Module(name,
		fx.Decorate(func(lc fx.Lifecycle, h *host.Host) fx.Lifecycle {
			return h.Supervisor.Guard(name, d.spec.budgets, lc)
		}),
		fx.Provide(append(d.spec.own(name), guarded, fx.Private)...),
		fx.Invoke(func(lc fx.Lifecycle, s S, g *Group) { lc.Append(g.hook(s)) }),
	)
	return d
}

// sourceOf is the file of a function, empty for anything else.
func sourceOf(constructor any) string {
	v := reflect.ValueOf(constructor)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	f := runtime.FuncForPC(v.Pointer())
	if f == nil {
		return ""
	}
	file, _ := f.FileLine(v.Pointer())
	return file
}

// own are the constructors of what a service has for itself. Every module has
// its own, privately: to fx they are the same types many times over.
func (s spec) own(name string) []any {
	own := []any{
		func(h *host.Host) *bus.Bus { return h.Node.View(name) },
		func(h *host.Host) *slog.Logger { return h.Logger.With("service", name) },
		func(h *host.Host) plugin.Set { return h.Plugins },
		func(h *host.Host) Environment { return Environment(h.Environment) },
		func(h *host.Host, log *slog.Logger) *Group {
			return newGroup(log, func(err error) { h.Supervisor.Fail(name, err) })
		},
	}
	if s.settings != nil {
		own = append(own, s.settings(name))
	}
	return own
}
