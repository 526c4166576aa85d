package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"go.uber.org/dig"

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

var (
	errorType = reflect.TypeFor[error]()
	hostType  = reflect.TypeFor[*host.Host]()
	hookType  = reflect.TypeFor[func(context.Context) error]()
)

// guard checks a declaration and gives the constructor a recover, a budget and an
// error that names the service. fx can recover too, but loses the stack, and its own
// message about a wrong constructor does not say whose it is.
func guard[S any](name string, constructor any, s spec) (any, error) {
	made := reflect.TypeFor[S]()
	f := reflect.ValueOf(constructor)
	if err := errors.Join(checkConstructor(f, made, s), checkHooks(made)); err != nil {
		return nil, fmt.Errorf("service %q: %w", name, err)
	}
	in := []reflect.Type{hostType} // who guards the constructor
	for arg := range f.Type().Ins() {
		in = append(in, arg)
	}
	out := []reflect.Type{made, errorType}
	t := reflect.FuncOf(in, out, f.Type().IsVariadic())
	return reflect.MakeFunc(t, func(args []reflect.Value) []reflect.Value {
		supervisor := args[0].Interface().(*host.Host).Supervisor
		value, err := construct(f, args[1:], func(run func() error) error { return supervisor.Construct(name, s.budgets, run) })
		if err != nil {
			return []reflect.Value{reflect.Zero(made), reflect.ValueOf(&ConstructError{Service: name, Err: err})}
		}
		return []reflect.Value{value, reflect.Zero(errorType)}
	}).Interface(), nil
}

// construct calls the constructor under a guard. What it made counts only if it
// came back in time.
func construct(f reflect.Value, args []reflect.Value, guarded func(func() error) error) (reflect.Value, error) {
	var made reflect.Value
	err := guarded(func() error {
		out := f.Call(args)
		made = out[0]
		if len(out) > 1 && !out[1].IsNil() {
			return out[1].Interface().(error)
		}
		return nil
	})
	if err != nil {
		return reflect.Value{}, err
	}
	return made, nil
}

func checkConstructor(f reflect.Value, made reflect.Type, s spec) error {
	if f.Kind() != reflect.Func || f.IsNil() {
		return fmt.Errorf("the constructor must be a function that returns %s, or %s and an error; it is %s", made, made, kind(f))
	}
	t := f.Type()
	if n := t.NumOut(); n < 1 || n > 2 || t.Out(0) != made || (n == 2 && t.Out(1) != errorType) {
		return fmt.Errorf("the constructor must return %s, or %s and an error; it is %s", made, made, t)
	}
	if t.IsVariadic() {
		return fmt.Errorf("the constructor must not be variadic; it is %s", t)
	}
	known := s.offers()
	for in := range t.Ins() {
		if !dig.IsIn(in) && !known.has(in) {
			return fmt.Errorf("the constructor asks for %s, which nobody gives it; it may ask for %s", in, known)
		}
	}
	return nil
}

func kind(f reflect.Value) string {
	if !f.IsValid() {
		return "nil"
	}
	return f.Type().String()
}

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

// types is a list of types that reads as a sentence.
type types []reflect.Type

func (ts types) has(t reflect.Type) bool {
	return slices.Contains(ts, t)
}

func (ts types) String() string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// offers are the types a constructor may ask for.
func (s spec) offers() types {
	all := types{
		reflect.TypeFor[*bus.Bus](), reflect.TypeFor[*slog.Logger](), reflect.TypeFor[*Group](),
		reflect.TypeFor[plugin.Set](), reflect.TypeFor[Environment](),
	}
	if s.settings != nil {
		all = append(all, reflect.TypeOf(s.settings("")).Out(0))
	}
	return all
}
