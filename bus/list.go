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
}

// Actions lists the actions that were handled or called in this node, by name.
func (n *Node) Actions() []ActionInfo {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := make([]ActionInfo, 0, len(n.slots))
	for _, s := range n.slots {
		list = append(list, s.info())
	}
	slices.SortFunc(list, func(a, b ActionInfo) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func (s *slot) info() ActionInfo {
	c := s.contract
	info := ActionInfo{
		Name: c.name, Service: c.service, Doc: c.doc, Handled: s.handled(),
		Request: c.request.String(), Response: c.response.String(),
	}
	if c.example != nil {
		// Handle has reported an example that does not marshal.
		info.Example, _ = json.Marshal(c.example)
	}
	return info
}
