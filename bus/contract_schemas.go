package bus

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// schemas are the types of a contract as JSON Schema, written when they are first
// asked for.
type schemas struct {
	once     sync.Once
	request  json.RawMessage
	response json.RawMessage
}

// of writes them. A type with malformed tags has none: Node.Check says so.
func (s *schemas) of(c *contract) (request, response json.RawMessage) {
	s.once.Do(func() {
		s.request, _ = schema.Document(c.request, schema.Request)
		s.response, _ = schema.Document(c.response, schema.Response)
	})
	return s.request, s.response
}

// tagMistake is what is wrong with the tags of the request or the response of c.
func (c *contract) tagMistake(t reflect.Type, what string) error {
	if _, err := schema.Compile(t); err != nil {
		return fmt.Errorf("%s: the %s of %s cannot be described: %w", c.position, what, c.name, err)
	}
	return nil
}
