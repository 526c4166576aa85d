package natsbus

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// payload is how much of a message the server counts against its max_payload: body
// and headers, without the subjects.
func payload(msg *nats.Msg) int64 {
	return int64(msg.Size() - len(msg.Subject) - len(msg.Reply))
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
	if len(msg.Header) == 0 {
		return nil
	}
	status, text := first(msg.Header, micro.ErrorCodeHeader), first(msg.Header, micro.ErrorHeader)
	if status == "" && text == "" {
		return nil
	}
	code := codeOfStatus(numberIn(status))
	e, err := bus.ParseError(msg.Data)
	if err != nil {
		return bus.Remote(&bus.Error{Code: code, Message: orDefault(text, "it failed with status "+cut(status, maxCaller))})
	}
	if e.Code == bus.Internal && !namesInternal(msg.Data) {
		e.Code = code // its own word for it is none of ours: the status is what both know
	}
	e.Message = orDefault(e.Message, text)
	return e
}

func first(h nats.Header, name string) string {
	if values := valuesOf(h, name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// numberIn is the status in "404" and in "404 Not Found"; what is none is 500.
func numberIn(status string) int {
	digits, _, _ := strings.Cut(cut(strings.TrimSpace(status), maxCaller), " ")
	if number, err := strconv.Atoi(digits); err == nil {
		return number
	}
	return bus.Internal.HTTPStatus()
}

// namesInternal reports whether the code in an error is the word internal, which every
// other word that is none of ours is read as.
func namesInternal(body []byte) bool {
	var e struct {
		Code string `json:"code"`
	}
	return json.Unmarshal(body, &e) == nil && e.Code == bus.Internal.String()
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
