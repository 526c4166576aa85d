package bus

import (
	"cmp"
	"encoding/json"
	"slices"
)

// ActionInfo describes an action that a node knows.
type ActionInfo struct {
	Name     string          `json:"name"`
	Service  string          `json:"service"`
	Doc      string          `json:"doc,omitempty"`
	Handled  bool            `json:"handled"` // served by this node
	Example  json.RawMessage `json:"example,omitempty"`
	Request  string          `json:"request"` // Go type names
	Response string          `json:"response"`
	// Idempotent says that doing it twice does what doing it once does.
	Idempotent bool `json:"idempotent,omitempty"`
	// RequestSchema and ResponseSchema are the types as JSON Schema, draft 2020-12,
	// with what their tags say. The same build gives the same bytes.
	RequestSchema  json.RawMessage `json:"request_schema,omitempty"`
	ResponseSchema json.RawMessage `json:"response_schema,omitempty"`
}

// Actions lists the actions that were handled or called in this node, by name.
func (n *Node) Actions() []ActionInfo {
	n.mu.Lock()
	handled := make(map[*contract]bool, len(n.seats))
	for _, s := range n.seats {
		handled[s.contract] = s.handled()
	}
	n.mu.Unlock()
	list := make([]ActionInfo, 0, len(handled))
	for c, here := range handled { // without the lock: it runs methods of the types
		list = append(list, c.info(here))
	}
	slices.SortFunc(list, func(a, b ActionInfo) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func (c *contract) info(handled bool) ActionInfo {
	request, response := c.schemas.of(c)
	info := ActionInfo{
		Name: c.name, Service: c.service, Doc: c.doc, Handled: handled,
		Request: c.request.String(), Response: c.response.String(),
		Idempotent: c.idempotent, RequestSchema: request, ResponseSchema: response,
	}
	if c.example != nil {
		// Handle has reported an example that does not marshal.
		info.Example, _ = marshalExample(c.example)
	}
	return info
}
