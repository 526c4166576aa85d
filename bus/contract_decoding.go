package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"unsafe"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// decoding says how exactly a body must fit its type. Names are exact in both.
type decoding bool

const (
	lenient decoding = false // unknown fields are ignored: who sent it may be newer
	strict  decoding = true  // unknown and repeated fields are mistakes: a person wrote it
)

// decode reads exactly one JSON value into a zero one. An empty body is the zero value.
func (d decoding) decode(body []byte, into any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if d == strict {
		return codec.Strict(body, into)
	}
	_, err := codec.Lenient(body, into)
	return err
}

// receive decodes what another process sent. Its contract may be newer or older
// than the one here: a field that the type does not have is ignored, and the
// message counted; a field that the message does not have is zero. A type without any
// fields may be sent as nothing.
func receive[T any](ctx context.Context, e *edge, body []byte) (T, error) {
	var v T
	if unsafe.Sizeof(v) == 0 && len(body) == 0 {
		return v, nil
	}
	unknown, err := codec.Lenient(body, &v)
	if unknown != "" && err == nil && e.unknown.Add(1) == 1 {
		e.log(ctx, slog.LevelInfo, "a message from another process has fields that the contract here does not have; they are ignored, and counted in bus_unknown_fields_total",
			slog.String("field", shorten(unknown)))
	}
	return v, err
}

// misfit is the list of fields, as JSON, for an error of the decoder that is about
// one; nil for any other.
func misfit(err error) json.RawMessage {
	wrong, ok := errors.AsType[*codec.Mistake](err)
	if !ok || wrong.Rule == "" {
		return nil
	}
	return Invalid(FieldError{Field: wrong.Field, Rule: wrong.Rule, Message: wrong.Message}).Details
}
