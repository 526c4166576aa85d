package bus

import (
	"context"
	"fmt"
	"regexp"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
)

// Metadata is a piece of text that goes with a request through all calls and events
// below it, in this process and in others, beside what their contracts say: a language, an
// experiment. A contract declares each as a package-level variable.
//
//	var Language = bus.NewMetadata("language")
//
//	res, err := pricingapi.Evaluate.Call(Language.With(ctx, "uk"), b, req)
//	Language.Of(ctx)     // in the handler, and in those that it calls: "uk"
//
// All metadata of a request may take 4,096 bytes, as written in a header; a call or an
// event with more is InvalidArgument.
type Metadata struct {
	name    string
	mistake string // about its name
}

// metadataName is a token that needs no escape anywhere.
var metadataName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// NewMetadata declares the metadata called name: small letters, digits and hyphens,
// beginning with a letter, at most 63. Calls and events with metadata of another name
// are InvalidArgument, with the place where it was declared. Two values of one name are
// the same metadata.
func NewMetadata(name string) *Metadata {
	m := &Metadata{name: name}
	if !metadataName.MatchString(name) {
		m.mistake = fmt.Sprintf("%s declares metadata called %q: use small letters, digits and hyphens, at most 63", caller(1), name)
	}
	return m
}

// Name is the name that it has between processes.
func (m *Metadata) Name() string { return m.name }

// With gives the calls and events made with the returned context the value; an empty
// one takes it away from them. Bytes that are no UTF-8 are replaced.
func (m *Metadata) With(ctx context.Context, value string) context.Context {
	old := baggageOf(ctx)
	if old.Value(m.name) == value {
		return ctx
	}
	next := old.With(m.name, value)
	if m.mistake != "" {
		next = next.Mistaken(m.mistake)
	}
	return &request{Context: ctx, baggage: next}
}

// Of is the value that ctx has, "" when there is none.
func (m *Metadata) Of(ctx context.Context) string { return baggageOf(ctx).Value(m.name) }

// WithBaggage adds the metadata in text to ctx, written as the value of a header baggage
// (W3C Baggage): for what comes from outside, such as an HTTP request. The error names
// what is malformed or too much; ctx comes back as it was then.
func WithBaggage(ctx context.Context, text string) (context.Context, error) {
	given, err := baggage.Parse(text)
	if err != nil {
		return ctx, fmt.Errorf("the metadata cannot be read: %w", err)
	}
	sum := baggageOf(ctx).Merged(given)
	if err := sum.Problem(); err != nil || given == nil {
		return ctx, err
	}
	return &request{Context: ctx, baggage: sum}, nil
}

// Baggage is all metadata of ctx, written as the value of a header baggage; "" when
// there is none.
func Baggage(ctx context.Context) string { return baggageOf(ctx).String() }

// baggageOf looks upward for the nearest request that brought metadata: it has all.
func baggageOf(ctx context.Context) *baggage.Baggage {
	for {
		switch v := ctx.Value(frameKey).(type) {
		case *frame:
			ctx = v.parent
		case *request:
			if v.baggage != nil {
				return v.baggage
			}
			ctx = v.Context
		default:
			return nil
		}
	}
}
