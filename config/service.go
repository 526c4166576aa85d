package config

import (
	"fmt"
	"reflect"

	"gopkg.in/yaml.v3"
)

// Validator is what the settings of a service may implement to check values
// that depend on each other. DecodeService calls it after decoding. Errors that
// are joined are reported one by one, and one whose text begins with a key, such
// as "retry.limit must be at least 1", at the place of that key.
type Validator interface {
	Validate() error
}

// DecodeService sets the fields of into, a pointer to a struct that holds the
// defaults, from services.<name>, over which environments.<NODE_ENV> is merged.
// A mapping sets the fields it names and leaves the others; a list or a Go map
// replaces the default as a whole; an empty value leaves the default, but makes
// a pointer, list or map nil.
//
// A field's key is the name in its yaml tag, else its name in snake case; "-"
// leaves a field out, and embedded structs are part of the outer one. Fields
// may be strings, booleans, numbers, time.Duration ("3s"), [Secret], structs,
// pointers, slices, maps with string keys, any, json.RawMessage, and types that
// unmarshal themselves from text or JSON. References ${VAR} are replaced.
//
// Unknown keys and wrong types are Problems, and so is what Validate and then the
// checks return. These are called after decoding and see what could be decoded; what
// they say of values that could not be is left out. The keys port and database_url of
// the original give a Warning when into has no such field. A service that the file does not mention keeps its defaults. An
// error of another type is a mistake in the program, such as a field of an
// unsupported type.
func (f *File) DecodeService(name string, env func(string) (string, bool), into any, checks ...func() error) ([]Warning, error) {
	environment, err := Environment(env)
	if err != nil {
		return nil, err
	}
	s := section{where: "services." + name, written: f.services[name]}
	s.settings = f.service(name, environment)
	return f.decode(s, env, into, checks...)
}

// DecodeTransport is DecodeService for the settings of a transport, such as
// orchestrator.nats. They hold in every environment.
func (f *File) DecodeTransport(name string, env func(string) (string, bool), into any) ([]Warning, error) {
	e := f.transports[name]
	return f.decode(section{where: "orchestrator." + name, written: e, settings: e.value}, env, into)
}

// section is a mapping of the file that a part of the program decodes.
type section struct {
	where    string
	written  entry      // as it stands in the file; zero when it does not
	settings *yaml.Node // what holds, nil when the file says nothing
}

func (f *File) decode(s section, env lookup, into any, checks ...func() error) ([]Warning, error) {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return nil, fmt.Errorf("decode %s: want a pointer to a struct, not %T", s.where, into)
	}
	d := &decoder{tree: tree{src: f.src}, env: env}
	if s.settings != nil {
		d.structure(s.settings, target.Elem(), s.where, retiredKeys)
	}
	if d.fault != nil {
		return nil, d.fault
	}
	if v, ok := into.(Validator); ok {
		checks = append([]func() error{v.Validate}, checks...)
	}
	problems := f.validate(s, d.tree.problems, checks)
	if len(problems) == 0 {
		return d.warnings, nil
	}
	src := &source{path: f.src.path, lines: f.src.lines, veil: f.src.veil.except(d.sights)}
	for i, p := range problems {
		problems[i].Excerpt = src.excerpt(p.Position())
	}
	return nil, problems.Err()
}

// service returns the merged settings of one service, nil if there are none.
func (f *File) service(name, environment string) *yaml.Node {
	base, over := f.services[name].value, f.environments[environment][name].value
	if base != nil && isNull(over) {
		return base
	}
	return overlay(base, over)
}
