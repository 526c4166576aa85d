package natsbus

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// callHeader carries everything the bus adds to a request. One short header:
// each further one costs more than the rest of the bus's work.
const callHeader = "Bus-Call"

// Where programs that are not ours say of a request, and everybody of an event, which
// trace it is of and what metadata it has: the names of the standards.
const (
	traceHeader    = "traceparent"
	metadataHeader = "baggage"
)

// What is read of a field that anybody may have written, and what is written of one
// that anybody may have named: beyond its bound each is cut, and no other suffers.
const (
	longestLeft = 24 * time.Hour // earlier builds read nothing of a header with more
	maxCaller   = 64
	maxID       = 256
	maxEnvelope = 512  // of a trace, of which a cut one would be none
	maxMetadata = 8192 // the bus sends half of it at most
	maxMembers  = 64   // headers of metadata
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

// furtherFields begins what was added after the metadata, as name=value separated by
// semicolons; who does not know a name leaves it out. No baggage has two semicolons in a
// row, and earlier builds take what follows the first for a property of the last member.
const furtherFields = ";;"

const depthField = "depth="

// header writes the envelope. The metadata holds no separator; from the other texts
// they are taken.
func (e envelope) header() nats.Header {
	var room [128]byte
	value := strconv.AppendInt(room[:0], min(e.left, longestLeft).Microseconds(), 10)
	value = append(append(value, ';'), field(e.caller, maxCaller)...)
	value = append(append(value, ';'), field(e.requestID, maxID)...)
	deep := e.depth > 1 // what says nothing of it comes through one
	if e.trace != "" || e.metadata != "" || deep {
		value = append(append(value, ';'), field(e.trace, maxEnvelope)...)
	}
	if e.metadata != "" || deep {
		value = append(append(value, ';'), e.metadata...)
	}
	if deep {
		value = strconv.AppendInt(append(value, furtherFields+depthField...), int64(e.depth), 10)
	}
	return nats.Header{callHeader: {string(value)}}
}

// field is a text that can be a part of a header: without what separates parts and
// lines, and no longer than limit.
func field(s string, limit int) string {
	if strings.ContainsAny(s, ";\r\n") {
		s = strings.Map(dropSeparators, s)
	}
	return cut(s, limit)
}

func dropSeparators(r rune) rune {
	if r == ';' || r == '\r' || r == '\n' {
		return -1
	}
	return r
}

// cut is the beginning of s, of at most limit bytes.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}

// parseEnvelope reads the headers of a request. One that nobody of ours wrote has what
// its program says of the trace and the metadata.
func parseEnvelope(h nats.Header) envelope {
	var e envelope
	values := h[callHeader]
	if len(values) > 0 {
		e = parseCall(values[0])
		if len(h) == 1 {
			return e
		}
	} else if values = valuesOf(h, callHeader); len(values) > 0 {
		e = parseCall(values[0])
	}
	if e.trace == "" {
		e.trace = traceOf(h)
	}
	if e.metadata == "" {
		e.metadata = metadataOf(h)
	}
	return e
}

// parseCall reads the header Bus-Call. Its last fields may be absent.
func parseCall(value string) envelope {
	left, rest, _ := strings.Cut(value, ";")
	caller, rest, _ := strings.Cut(rest, ";")
	id, rest, _ := strings.Cut(rest, ";")
	trace, rest, _ := strings.Cut(rest, ";")
	metadata, further, _ := strings.Cut(rest, furtherFields)
	return envelope{
		left: parseLeft(left), caller: cut(caller, maxCaller), requestID: cut(id, maxID),
		trace: traceIn(trace), metadata: fitting(metadata, maxMetadata), depth: depthIn(further),
	}
}

// depthIn is what the further fields of a call say of its depth.
func depthIn(further string) int {
	for each := range strings.SplitSeq(cut(further, maxEnvelope), ";") {
		if text, ok := strings.CutPrefix(each, depthField); ok {
			depth, _ := strconv.Atoi(cut(text, maxCaller)) // what is too large is as deep as can be
			return max(1, depth)
		}
	}
	return 1
}

// parseLeft reads how much time is left; what is no number says nothing of it.
func parseLeft(text string) time.Duration {
	if len(text) > maxCaller {
		return 0
	}
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0
	}
	return time.Duration(max(0, min(micros, longestLeft.Microseconds()))) * time.Microsecond
}

// traceOf is what the header of the standard says. Two traces are none.
func traceOf(h nats.Header) string {
	if values := valuesOf(h, traceHeader); len(values) == 1 {
		return traceIn(values[0])
	}
	return ""
}

// traceIn is the trace in a text, if it can be one. Whether it makes sense is for
// others to judge.
func traceIn(text string) string {
	if len(text) > maxEnvelope {
		return ""
	}
	return text
}

// metadataOf is what the header of the standard says; several are one list.
func metadataOf(h nats.Header) string {
	values := valuesOf(h, metadataHeader)
	return fitting(strings.Join(values[:min(len(values), maxMembers)], ","), maxMetadata)
}

// fitting is as many members of a list as limit bytes have room for.
func fitting(list string, limit int) string {
	if len(list) <= limit {
		return list
	}
	return list[:max(0, strings.LastIndexByte(list[:limit+1], ','))]
}

// valuesOf are the values of a header, whatever the case of its name: nats.go keeps it
// as it was written, and programs and what stands between them write it as they like.
func valuesOf(h nats.Header, name string) []string {
	values := h[name]
	for each, more := range h {
		if each != name && strings.EqualFold(each, name) {
			values = append(slices.Clip(values), more...)
		}
	}
	return values
}
