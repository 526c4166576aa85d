package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
)

// UnknownParam is the code of the warning that an operation does not have one
// of the params it was given.
const UnknownParam = "UNKNOWN_PARAM"

// Operation is a piece of work that providers of a domain do: it takes an In
// and gives a list of Out. It is the one contract of three sides: the provider
// that serves it, the apps service that runs it by domain and name, and the
// service that wants the results.
type Operation[In, Out any] struct {
	key operationKey
}

// NewOperation declares an operation. Keep the value in a package variable.
func NewOperation[In, Out any](domain Domain, name string) Operation[In, Out] {
	return Operation[In, Out]{operationKey{domain, name}}
}

// Domain returns the domain whose providers serve the operation.
func (o Operation[In, Out]) Domain() Domain { return o.key.domain }

// Name returns the operation's name within its domain, such as "list".
func (o Operation[In, Out]) Name() string { return o.key.name }

// String returns the domain and the name: "pricing.list".
func (o Operation[In, Out]) String() string { return string(o.key.domain) + "." + o.key.name }

// Serve registers the provider's function for the operation. serve returns the
// items in the order in which they are to be shown, warnings for what is
// missing or doubtful, and an error when there is no answer at all.
//
// It is called from many goroutines at once, with ctx ended after the time
// limit of the apps service. When In has a method Validate() error, it has
// passed; report mistakes in it with [Invalid].
func (o Operation[In, Out]) Serve(p *Provider, serve func(ctx context.Context, in In) ([]Out, []Warning, error)) {
	p.register(o.key, func(ctx context.Context, params json.RawMessage) (Reply, error) {
		var in In
		notes, err := o.decode(params, &in)
		if err != nil {
			return Reply{}, err
		}
		items, warnings, err := serve(ctx, in)
		if err != nil {
			return Reply{}, err
		}
		data, err := o.encode(items)
		return Reply{Data: data, Warnings: append(notes, warnings...)}, err
	})
}

// Params returns in as the JSON that the apps service passes on. It fails when
// in is not valid, with an [*InvalidError].
func (o Operation[In, Out]) Params(in In) (json.RawMessage, error) {
	if err := validate(in); err != nil {
		return nil, err
	}
	params, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("the params of %s cannot be written as JSON: %w", o, err)
	}
	return params, nil
}

// Results reads the items of an answer. The error names the first that is not
// an Out.
func (o Operation[In, Out]) Results(data []json.RawMessage) ([]Out, error) {
	results := make([]Out, len(data))
	for i, item := range data {
		if err := json.Unmarshal(item, &results[i]); err != nil {
			return nil, fmt.Errorf("result %d of %s is not a %T: %w", i, o, results[i], err)
		}
	}
	return results, nil
}

// decode reads params. A field that In does not have is no error, because a
// caller may be newer than the provider, but it is said in a warning.
func (o Operation[In, Out]) decode(params json.RawMessage, in *In) ([]Warning, error) {
	if len(bytes.TrimSpace(params)) == 0 {
		params = json.RawMessage("{}")
	}
	var notes []Warning
	if err := decodeStrict(params, in); err != nil {
		if notes, err = o.decodeLenient(params, in); err != nil {
			return nil, err
		}
	}
	return notes, validate(*in)
}

func (o Operation[In, Out]) decodeLenient(params json.RawMessage, in *In) ([]Warning, error) {
	if !json.Valid(params) {
		return nil, Invalid(FieldError{Rule: "type", Message: "must be one JSON object"})
	}
	var notes []Warning
	var mistakes []FieldError
	for _, found := range inspect(params, reflect.TypeFor[In](), "") {
		if found.Rule != "unknown" {
			mistakes = append(mistakes, found)
			continue
		}
		notes = append(notes, Warning{
			Code: UnknownParam, Subject: found.Field, Message: fmt.Sprintf("%s ignores the param %q: %s", o, found.Field, found.Message)})
	}
	if len(mistakes) > 0 {
		return nil, Invalid(mistakes...)
	}
	*in = *new(In)
	if err := json.Unmarshal(params, in); err != nil {
		return nil, Invalid(FieldError{Rule: "type", Message: err.Error()})
	}
	return notes, nil
}

func (o Operation[In, Out]) encode(items []Out) ([]json.RawMessage, error) {
	data := make([]json.RawMessage, len(items))
	for i, item := range items {
		encoded, err := json.Marshal(item)
		if err != nil {
			return nil, fmt.Errorf("result %d of %s cannot be written as JSON: %w", i, o, err)
		}
		data[i] = encoded
	}
	return data, nil
}
