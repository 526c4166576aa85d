package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/internal/host"
	"github.com/shopanaio/orchestrator/plugin"
)

// ConstructError says that a service could not be made.
type ConstructError struct {
	Service string
	Err     error
}

// Error names the service and the cause.
func (e *ConstructError) Error() string {
	return fmt.Sprintf("service %q could not be constructed: %v", e.Service, e.Err)
}

// Unwrap gives the cause.
func (e *ConstructError) Unwrap() error { return e.Err }

// own is what a service has for itself in one process.
type own struct {
	*host.Host
	service string
	log     *slog.Logger
	group   *Group
}

func newOwn(name string, h *host.Host) *own {
	log := h.Logger.With("service", name)
	return &own{h, name, log, newGroup(log, func(err error) { h.Supervisor.Fail(name, err) })}
}

// gifts are what a field of a constructor's Params may ask for, by its type.
type gifts map[reflect.Type]func(*own) any

// gifts are all there are for a service. What a process has for its services is added here.
func (s spec) gifts() gifts {
	all := gifts{
		reflect.TypeFor[*bus.Bus]():     func(o *own) any { return o.Node.View(o.service) },
		reflect.TypeFor[*slog.Logger](): func(o *own) any { return o.log },
		reflect.TypeFor[*Group]():       func(o *own) any { return o.group },
		reflect.TypeFor[plugin.Set]():   func(o *own) any { return o.Plugins },
		reflect.TypeFor[Environment]():  func(o *own) any { return Environment(o.Environment) },
	}
	if s.settings != nil {
		all[s.settings] = func(o *own) any { return o.Settings[o.service] }
	}
	return all
}

// String lists the types for a sentence.
func (gs gifts) String() string {
	names := make([]string, 0, len(gs))
	for t := range gs {
		names = append(names, t.String())
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// settingsOf is the rest of that sentence for a type that may be meant to be the settings.
func (gs gifts) settingsOf(t, params reflect.Type) string {
	if t.PkgPath() != params.PkgPath() || t.Kind() != reflect.Struct {
		return ""
	}
	return fmt.Sprintf("; if %s is that, give service.Module the option service.Config(DefaultConfig), where DefaultConfig is the func() %[1]s of the defaults", t)
}

// construct fills the constructor's Params and calls it, under the guard of the
// process: with a recover, a budget and an error that names the service. What it made
// counts only if it came back in time.
func construct[S, P any](o *own, constructor func(P) (S, error), s spec) (made S, err error) {
	var late S
	err = o.Supervisor.Construct(o.service, s.budgets, func() (err error) {
		var params P
		fill(reflect.ValueOf(&params).Elem(), s.gifts(), o)
		if late, err = constructor(params); err != nil {
			return err
		}
		return o.Node.Unhandled(o.service)
	})
	if err != nil {
		return made, &ConstructError{Service: o.service, Err: err}
	}
	return late, nil
}

func fill(params reflect.Value, given gifts, o *own) {
	for t, field := range params.Fields() {
		field.Set(reflect.ValueOf(given[t.Type](o)))
	}
}

// checkParams reports every field that would stay empty.
func checkParams(params reflect.Type, given gifts) error {
	if params.Kind() != reflect.Struct {
		return fmt.Errorf("the constructor must take a struct, whose fields say what it needs; it takes %s", params)
	}
	var errs []error
	for field := range params.Fields() {
		switch {
		case !field.IsExported():
			errs = append(errs, fmt.Errorf("the field %s of %s is not exported, so nobody can fill it", field.Name, params))
		case given[field.Type] == nil:
			errs = append(errs, fmt.Errorf("the field %s of %s is of the type %s, which nobody provides; a field may be of %s, and of the type of the settings that the module declares with service.Config%s",
				field.Name, params, field.Type, given, given.settingsOf(field.Type, params)))
		}
	}
	return errors.Join(errs...)
}

var hookType = reflect.TypeFor[func(context.Context) error]()

// checkHooks notices a Start or Stop that would silently never be called. The
// names stand in the calls as constants: a method looked up by a computed name
// or an index makes the linker keep every exported method of every type, which
// costs a program about a third of its size.
func checkHooks(made reflect.Type) error {
	var errs []error
	if m, ok := made.MethodByName("Start"); ok {
		errs = append(errs, checkHook(made, m))
	}
	if m, ok := made.MethodByName("Stop"); ok {
		errs = append(errs, checkHook(made, m))
	}
	return errors.Join(errs...)
}

func checkHook(made reflect.Type, m reflect.Method) error {
	if got := methodType(made, m); got != hookType {
		return fmt.Errorf("method %s of %s must be %s to be called; it is %s", m.Name, made, hookType, got)
	}
	return nil
}

// methodType is the type of a method without its receiver, which the methods of
// an interface do not have to begin with.
func methodType(of reflect.Type, m reflect.Method) reflect.Type {
	if of.Kind() == reflect.Interface {
		return m.Type
	}
	var in, out []reflect.Type
	for i := 1; i < m.Type.NumIn(); i++ {
		in = append(in, m.Type.In(i))
	}
	out = slices.AppendSeq(out, m.Type.Outs())
	return reflect.FuncOf(in, out, m.Type.IsVariadic())
}
