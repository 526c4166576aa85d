package bus

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// contract is the identity of an action: what all values made from it by With
// share, without its types.
type contract struct {
	id       int // dense in this process; indexes the table of every view
	name     string
	service  string
	position string // file:line of NewAction
	request  reflect.Type
	response reflect.Type
	shared   bool
	// idempotent: doing it twice does what doing it once does
	idempotent bool
	detached   bool // its handler has a goroutine
	doc        string
	example    any // a request or an event's payload; nil when none was given
	schemas    schemas
	// serveJSON is the typed call with its codec, for callers that hold bytes.
	serveJSON func(ctx context.Context, e *edge, body []byte, d decoding) ([]byte, error)

	event *eventContract // nil for an action

	mu     sync.Mutex
	misuse []error // policies that were bound to it and cannot work
}

// misused keeps a wiring mistake that was made before there was a node.
func (c *contract) misused(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.misuse = append(c.misuse, err)
}

func (c *contract) misuses() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.misuse)
}

// contracts counts the actions of this process. Numbers are never reused.
var contracts atomic.Int64

// actionName is what names of actions and events look like: a service and what it
// does, or what happened in it.
var actionName = regexp.MustCompile(`^[a-z][a-z0-9_-]*\.[A-Za-z][A-Za-z0-9_]*$`)

// maxActionName bounds a name: it is a part of subjects, and what a server takes of those
// is bounded as well.
const maxActionName = 128

// newContract makes the identity of an action that is declared by the function
// skip frames up.
func newContract(name string, skip int) *contract {
	service, _, _ := strings.Cut(name, ".")
	return &contract{
		id:       int(contracts.Add(1)) - 1,
		name:     name,
		service:  service,
		position: caller(skip + 1),
	}
}

// sameTypes reports whether two declarations may share a seat.
func (c *contract) sameTypes(other *contract) bool {
	return c.request == other.request && c.response == other.response
}

// signature names the types, for errors and lists.
func (c *contract) signature() string {
	if c.event != nil {
		return c.request.String()
	}
	return fmt.Sprintf("(%s) %s", c.request, c.response)
}

// reserved are the words that begin a transport's own subjects where a service
// stands in others.
var reserved = []string{"broadcasts", busService, "cancels", "durable", "events", "instances", "nodes"}

// nameProblem is the wiring error of a malformed name, nil for a good one.
func (c *contract) nameProblem() error {
	switch {
	case len(c.name) > maxActionName:
		return fmt.Errorf("%s: the name %.40s… has %d letters: at most %d are a name", c.position, c.name, len(c.name), maxActionName)
	case !actionName.MatchString(c.name) && c.event != nil:
		return fmt.Errorf("%s: %q is no name of an event: write it as service.event, for example \"orders.created\"",
			c.position, c.name)
	case slices.Contains(reserved, c.service) && (c.event == nil || !c.event.own):
		return fmt.Errorf("%s: %q: no service can be called %s, which is the bus's own",
			c.position, c.name, c.service)
	case actionName.MatchString(c.name):
		return nil
	}
	return fmt.Errorf("%s: %q is no name of an action: write it as service.action, for example \"pricing.evaluate\"",
		c.position, c.name)
}

// exampleMistake is what is wrong with its example, nil if nothing is.
func (c *contract) exampleMistake(what string) error {
	if _, err := marshalExample(c.example); c.example != nil && err != nil {
		return fmt.Errorf("%s: the %s of %s cannot be sent: %w", c.position, what, c.name, err)
	}
	return nil
}

// caller is the file:line of the function skip frames up, with one folder.
func caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return "unknown position"
	}
	parts := strings.Split(file, "/")
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	return fmt.Sprintf("%s:%d", strings.Join(parts, "/"), line)
}
