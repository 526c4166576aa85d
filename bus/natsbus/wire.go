package natsbus

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// callHeader carries everything the bus adds to a request. One short header:
// each further one costs more than the rest of the bus's work.
const callHeader = "Bus-Call"

// Where programs that are not ours say of a request, and everybody of an event, which
// trace it is of and what metadata it has: the names of the standards, and what
// http.Header makes of them, which Go programs use for NATS as well.
var (
	traceHeaders    = [...]string{"traceparent", "Traceparent"}
	metadataHeaders = [...]string{"baggage", "Baggage"}
)

const (
	// maxEnvelope bounds what is read of a header that anybody may have written.
	maxEnvelope = 512
	// maxMetadata bounds its metadata; the bus sends half of it at most.
	maxMetadata = 8192
)

// envelope is what travels beside the payload of a request.
type envelope struct {
	left      time.Duration // until the caller's deadline; 0: none
	caller    string
	requestID string
	trace     string // a W3C traceparent; empty when there is none
	metadata  string // a W3C baggage; empty when there is none
	depth     int    // how many calls it comes through
}

// depthField follows the metadata of a request that comes through more calls than one.
// Builds that do not know it take it for a property of the metadata's last member.
const depthField = ";;depth="

// maxID bounds the request id in a header, which has to stay within maxEnvelope: a
// receiver that could not read it would lose the deadline with it.
const maxID = 256

// header writes the envelope. The caller holds no separator, because it is a
// service's name, and neither does the metadata; from the id and the trace they are cut.
func (e envelope) header() nats.Header {
	var room [128]byte
	value := strconv.AppendInt(room[:0], e.left.Microseconds(), 10)
	value = append(append(value, ';'), e.caller...)
	value = append(append(value, ';'), withoutSeparators(e.requestID[:min(len(e.requestID), maxID)])...)
	if e.trace != "" || e.metadata != "" {
		value = append(append(value, ';'), withoutSeparators(e.trace)...)
	}
	if e.depth > 1 && e.trace == "" && e.metadata == "" {
		value = append(value, ';')
	}
	if e.metadata != "" || e.depth > 1 {
		value = append(append(value, ';'), e.metadata...)
	}
	if e.depth > 1 {
		value = strconv.AppendInt(append(value, depthField...), int64(e.depth), 10)
	}
	return nats.Header{callHeader: {string(value)}}
}

// payload is how much of a message the server counts against its max_payload: body
// and headers, without the subjects.
func payload(msg *nats.Msg) int64 {
	return int64(msg.Size() - len(msg.Subject) - len(msg.Reply))
}

func withoutSeparators(s string) string {
	if strings.ContainsAny(s, ";\r\n") {
		return strings.Map(dropSeparators, s)
	}
	return s
}

func dropSeparators(r rune) rune {
	if r == ';' || r == '\r' || r == '\n' {
		return -1
	}
	return r
}

// parseEnvelope reads the header of a request; a request without one, or with one
// that nobody of ours wrote, has an empty envelope, but for the trace and the metadata
// that other programs put beside it.
func parseEnvelope(h nats.Header) envelope {
	e := parseCall(h[callHeader])
	if len(h) < 2 && h[callHeader] != nil {
		return e
	}
	if e.trace == "" {
		e.trace = headerOf(h, traceHeaders, maxEnvelope)
	}
	if e.metadata == "" {
		e.metadata = headerOf(h, metadataHeaders, maxMetadata)
	}
	return e
}

// headerOf is what a standard's header says, "" when there is none. Whether it makes
// sense is for others to judge; what is too long is nothing.
func headerOf(h nats.Header, names [2]string, limit int) string {
	for _, name := range names {
		if values := h[name]; len(values) == 1 && len(values[0]) <= limit {
			return values[0]
		}
	}
	return ""
}

// parseCall reads the header Bus-Call. Its last fields may be absent.
func parseCall(values []string) envelope {
	if len(values) != 1 || len(values[0]) > maxEnvelope+maxMetadata {
		return envelope{}
	}
	left, rest, ok := strings.Cut(values[0], ";")
	micros, err := strconv.ParseInt(left, 10, 64)
	if !ok || err != nil || micros < 0 || micros > int64(24*time.Hour/time.Microsecond) {
		return envelope{}
	}
	caller, rest, ok := strings.Cut(rest, ";")
	if !ok {
		return envelope{}
	}
	id, rest, _ := strings.Cut(rest, ";")
	trace, metadata, _ := strings.Cut(rest, ";")
	metadata, deep, _ := strings.Cut(metadata, depthField)
	depth, _ := strconv.Atoi(deep)
	if len(values[0])-len(metadata) > maxEnvelope {
		return envelope{}
	}
	return envelope{
		left: time.Duration(micros) * time.Microsecond, caller: caller, requestID: id,
		trace: trace, metadata: metadata, depth: depth,
	}
}

// failed makes the answer that says why there is no response.
func failed(err error) *nats.Msg {
	e := asError(err)
	body, marshalErr := json.Marshal(e)
	if marshalErr != nil {
		body = nil // the headers say what is needed
	}
	return &nats.Msg{Data: body, Header: nats.Header{
		micro.ErrorCodeHeader: {strconv.Itoa(e.Code.HTTPStatus())},
		micro.ErrorHeader:     {oneLine(e.Message)},
	}}
}

// oneLine keeps a message from being read as further headers.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, s)
}

// failure is the error an answer carries, nil for a response.
func failure(msg *nats.Msg) error {
	status := msg.Header.Get(micro.ErrorCodeHeader)
	text := msg.Header.Get(micro.ErrorHeader)
	if status == "" && text == "" {
		return nil
	}
	if e, err := bus.ParseError(msg.Data); err == nil {
		return e
	}
	number, err := strconv.Atoi(status)
	if err != nil {
		number = 500
	}
	return bus.Remote(&bus.Error{Code: codeOfStatus(number), Message: text})
}

// asError is err as one of ours: Dispatch returns nothing else, and what a
// handler wrapped stays on this side.
func asError(err error) *bus.Error {
	if e, ok := errors.AsType[*bus.Error](err); ok {
		return e
	}
	return &bus.Error{Code: bus.CodeOf(err), Message: "the request could not be served"}
}

// foreign are statuses that programs that are not ours answer with, and none of
// our codes has.
var foreign = map[int]bus.Code{
	400: bus.InvalidArgument,
	408: bus.DeadlineExceeded,
	412: bus.FailedPrecondition,
	413: bus.ResourceExhausted,
	501: bus.Unimplemented,
	502: bus.Unavailable,
	514: bus.DeadlineExceeded, // the original's REQUEST_SKIPPED
}

// codeOfStatus is the first code that has the HTTP status, else the one that says
// whose fault it was. docs/errors.md lists them.
func codeOfStatus(status int) bus.Code {
	for c := bus.Code(1); int(c) < bus.NumCodes; c++ {
		if c.HTTPStatus() == status {
			return c
		}
	}
	if code, ok := foreign[status]; ok {
		return code
	}
	if status >= 400 && status < 500 {
		return bus.FailedPrecondition
	}
	return bus.Internal
}
