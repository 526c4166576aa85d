package service

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"

	"go.uber.org/fx"

	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
)

// Module declares a service. The constructor makes S from P, a struct whose fields ask
// by their types for what the package comment lists; S may have Start(context.Context)
// error and Stop(context.Context) error. A mistake in the declaration, such as a field
// of a type that nobody provides or a Start with another signature, is reported when
// the process starts, and names the service.
func Module[S, P any](name string, constructor func(P) (S, error), opts ...Option) Definition {
	d := Definition{Name: name}
	for _, o := range opts {
		o(&d.spec)
	}
	d.spec.source = sourceOf(reflect.ValueOf(constructor))
	if err := check(constructor, d.spec); err != nil {
		d.Option = fx.Module(name, fx.Error(fmt.Errorf("service %q: %w", name, err)))
		return d
	}
	d.Option = fx.Module(name,
		fx.Decorate(func(lc fx.Lifecycle, h *host.Host) fx.Lifecycle {
			return h.Supervisor.Guard(name, d.spec.budgets, lc)
		}),
		fx.Invoke(func(lc fx.Lifecycle, h *host.Host) error {
			o := newOwn(name, h)
			made, err := construct(o, constructor, d.spec)
			if err == nil {
				lc.Append(o.group.hook(made))
			}
			return err
		}),
	)
	return d
}

// check reports what is wrong with a declaration.
func check[S, P any](constructor func(P) (S, error), s spec) error {
	if constructor == nil {
		return errors.New("the constructor is nil")
	}
	return errors.Join(checkParams(reflect.TypeFor[P](), s.gifts()), checkHooks(reflect.TypeFor[S]()))
}

// sourceOf is the file of a function, empty for none.
func sourceOf(constructor reflect.Value) string {
	f := runtime.FuncForPC(constructor.Pointer())
	if f == nil {
		return ""
	}
	file, _ := f.FileLine(constructor.Pointer())
	return file
}
