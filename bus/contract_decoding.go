package bus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"

	"github.com/shopanaio/orchestrator/bus/internal/isolate"
)

// receive decodes what another process sent. Its contract may be newer or older
// than the one here: a field that the type does not have is ignored, and the
// message counted; a field that the message does not have is zero. A large message
// is not looked at for unknown fields: the decoder that finds them allocates several
// times what it reads.
func receive[T any](ctx context.Context, e *edge, body []byte) (T, error) {
	var v T
	if err := isolate.Admit(body); err != nil {
		return v, err
	}
	if len(body) > maxKnown {
		return v, json.Unmarshal(body, &v)
	}
	known := decodeKnown(body, &v)
	if known == nil {
		return v, nil
	}
	// Rare enough to decode twice: what the first time left half done is thrown away.
	var again T
	if err := json.Unmarshal(body, &again); err != nil {
		return again, err
	}
	if e.unknown.Add(1) == 1 {
		e.log(ctx, slog.LevelInfo, "a message from another process has fields that the contract here does not have; they are ignored, and counted in bus_unknown_fields_total",
			slog.String("error", brief(known)))
	}
	return again, nil
}

// exact is a decoder that is kept, so that being strict costs no more than
// json.Unmarshal does.
type exact struct {
	source bytes.Reader
	*json.Decoder
}

var exacts = sync.Pool{New: func() any {
	x := &exact{}
	x.Decoder = json.NewDecoder(&x.source)
	x.DisallowUnknownFields()
	return x
}}

// maxKnown is the largest body that is looked at for fields that the type here does
// not have. Its decoder is kept, and with it the buffer.
const maxKnown = 16 << 10

var errRest = errors.New("something follows the JSON value")

// decodeKnown reads one JSON value whose fields into has all. A decoder is kept
// only if it has read its body to the last byte: what it remembers then is nothing.
func decodeKnown(body []byte, into any) error {
	x, _ := exacts.Get().(*exact)
	x.source.Reset(body)
	from := x.InputOffset()
	if err := x.Decode(into); err != nil {
		return err
	}
	rest := body[x.InputOffset()-from:]
	if len(bytes.TrimSpace(rest)) > 0 {
		return errRest
	}
	x.source.Reset(nil)
	if len(rest) == 0 {
		exacts.Put(x)
	}
	return nil
}
