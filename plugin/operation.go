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
	key  operationKey
	what string
}

// NewOperation declares an operation. what is a plural for its results, as people are to
// read it: "discounts". Keep the value in a package variable.
func NewOperation[In, Out any](domain Domain, name, what string) Operation[In, Out] {
	return Operation[In, Out]{operationKey{domain, name}, what}
}

// Domain returns the domain whose providers serve the operation.
func (o Operation[In, Out]) Domain() Domain { return o.key.domain }

// Name returns the operation's name within its domain, such as "list".
func (o Operation[In, Out]) Name() string { return o.key.name }

// What returns what the results are called, in the plural: "discounts".
func (o Operation[In, Out]) What() string { return o.what }

// String returns the domain and the name: "pricing.list".
func (o Operation[In, Out]) String() string { return string(o.key.domain) + "." + o.key.name }

// Serve registers the provider's function for the operation. serve returns the
// items in the order in which they are to be shown, warnings for what is
// missing or doubtful, and an error when there is no answer at all. What is
// returned is not changed afterwards: it is read until the apps service has answered.
//
// It is called from many goroutines, with ctx ended after the time limit of the
// apps service. When In has a method Validate() error, it has passed; report mistakes
// in it with [Invalid]. When Out has one, a result that does not pass is the failure
// of the provider.
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
		data, err := o.Items(items...)
		return Reply{Data: data, Warnings: append(notes, warnings...)}, err
	})
}

// Params returns in as the JSON that the apps service passes on; nil when in is a
// struct that says nothing, so that nobody writes and reads it. It fails when in is
// not valid, with an [*InvalidError].
func (o Operation[In, Out]) Params(in In) (json.RawMessage, error) {
	if err := validate(&in); err != nil {
		return nil, err
	}
	if isStruct[In]() && reflect.ValueOf(&in).Elem().IsZero() {
		return nil, nil
	}
	params, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("the params of %s cannot be written as JSON: %w", o, err)
	}
	return params, nil
}

func isStruct[T any]() bool { return reflect.TypeFor[T]().Kind() == reflect.Struct }

// Items returns results as the apps service passes them on. The error names the first
// that is not valid, or cannot be written as JSON.
func (o Operation[In, Out]) Items(results ...Out) ([]Item, error) {
	items := make([]Item, len(results))
	for i := range results {
		if err := validate(&results[i]); err != nil {
			// Not wrapped: an *InvalidError would be taken for a mistake in the params.
			return nil, fmt.Errorf("result %d of %s is not valid: %v", i, o, err) //nolint:errorlint // see above
		}
		var err error
		if items[i], err = newItem(&results[i]); err != nil {
			return nil, fmt.Errorf("result %d of %s cannot be written as JSON: %w", i, o, err)
		}
	}
	return items, nil
}

// Results reads the items of an answer. The error names the first that is not
// an Out.
func (o Operation[In, Out]) Results(items []Item) ([]Out, error) {
	results := make([]Out, len(items))
	for i := range items {
		if err := readItem(items[i], &results[i]); err != nil {
			return nil, fmt.Errorf("result %d of %s is not a %T: %w", i, o, results[i], err)
		}
	}
	return results, nil
}

// decode reads params. A field that In does not have is no error, because a
// caller may be newer than the provider, but it is said in a warning.
func (o Operation[In, Out]) decode(params json.RawMessage, in *In) ([]Warning, error) {
	if len(bytes.TrimSpace(params)) == 0 {
		if isStruct[In]() {
			return nil, validate(in)
		}
		params = json.RawMessage("{}")
	}
	var notes []Warning
	if err := decodeStrict(params, in); err != nil {
		if notes, err = o.decodeLenient(params, in); err != nil {
			return nil, err
		}
	}
	return notes, validate(in)
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
