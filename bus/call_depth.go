package bus

import (
	"context"
	"encoding/json"
	"runtime"
	"slices"
	"strings"
)

// ErrTooDeep is the reason of a ResourceExhausted error when calls are nested in each
// other, or events emitted by each other's handlers, so deep that they must go in a
// circle. The message names the last of them.
var ErrTooDeep = NewError(ResourceExhausted, "bus.tooDeep")

const (
	// maxFrames bounds how many calls with contexts of their own are nested in each
	// other: from process to process, with a Timeout or Retry, Detached, a handler of an
	// event of this process.
	maxFrames = 64
	// maxNested bounds how many calls are nested in each other on one goroutine. They
	// are not counted, which would cost each something: of every few thousand calls one
	// looks at its stack, so that it may be some thousand deeper.
	maxNested = 1000
	// maxChain bounds how many of the calls an error names.
	maxChain = 8
)

// stackedCalls is how many calls this goroutine is in, 0 if they cannot be many.
func stackedCalls() (calls int) {
	var one [1]uintptr
	if runtime.Callers(2*maxNested, one[:]) == 0 { // a call takes more than two frames
		return 0
	}
	var stack [512]uintptr
	for skip := 0; calls <= maxNested; skip += len(stack) {
		n := runtime.Callers(skip, stack[:])
		if n == 0 {
			break
		}
		calls += callsIn(stack[:n])
	}
	return calls
}

// callsIn counts the calls of actions in a part of a stack.
func callsIn(stack []uintptr) (calls int) {
	frames := runtime.CallersFrames(stack)
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); strings.HasSuffix(f.Function, "/bus.(*Action[...]).serve") {
			calls++
		}
	}
	return calls
}

// depthOf is how deep the call that ctx belongs to lies in others that have frames.
func depthOf(ctx context.Context) int {
	for nearest := ctx.Value(frameKey); ; {
		switch v := nearest.(type) {
		case *frame:
			return v.depth()
		case *request:
			nearest = v.Context.Value(frameKey)
		default:
			return 0
		}
	}
}

// tooDeep is the answer to the call that is one too many.
func (e *edge) tooDeep() *Error {
	err := ErrTooDeep.Errorf("%s", "")
	err.Service, err.Action = e.seat.service, e.seat.name
	err.chain(nil, e.seat.name)
	return err
}

// calledBy says that the call that failed so was made by the action called name.
func (e *Error) calledBy(name string) {
	var names []string
	if json.Unmarshal(e.Details, &names) == nil && len(names) < maxChain {
		e.chain(names, name)
	}
}

// chain writes the calls that are known: first, and then names.
func (e *Error) chain(names []string, first string) {
	names = slices.Insert(names, 0, first)
	e.Details, _ = json.Marshal(names) // strings always marshal
	e.Message = "calls or events are nested too deep, do they go in a circle? The last are " + strings.Join(names, " > ")
}
