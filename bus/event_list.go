package bus

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/shopanaio/orchestrator/bus/internal/schema"
)

// EventInfo describes an event that a node knows.
type EventInfo struct {
	Name        string          `json:"name"`
	Service     string          `json:"service"`
	Doc         string          `json:"doc,omitempty"`
	Local       bool            `json:"local,omitempty"` // never leaves its process
	Example     json.RawMessage `json:"example,omitempty"`
	Payload     string          `json:"payload"`     // Go type name
	Subscribers []string        `json:"subscribers"` // services in this node
	// PayloadSchema is the type as JSON Schema, draft 2020-12, with what its tags say.
	PayloadSchema json.RawMessage `json:"payload_schema,omitempty"`
}

// Events lists the events that were subscribed to or emitted in this node, by name.
func (n *Node) Events() []EventInfo {
	n.mu.Lock()
	hears := make(map[*contract][]string, len(n.topics))
	for _, s := range n.topics {
		hears[s.contract] = n.hearing(s.name)
	}
	n.mu.Unlock()
	list := make([]EventInfo, 0, len(hears))
	for c, subscribers := range hears { // without the lock: it runs methods of the types
		list = append(list, c.eventInfo(subscribers))
	}
	slices.SortFunc(list, func(a, b EventInfo) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// hearing are the services that subscribe to an event. The lock is held.
func (n *Node) hearing(event string) []string {
	services := []string{}
	for _, l := range n.listeners {
		if l.key().event == event && !l.watches() {
			services = append(services, l.key().owner)
		}
	}
	slices.Sort(services)
	return services
}

func (c *contract) eventInfo(subscribers []string) EventInfo {
	info := EventInfo{
		Name: c.name, Service: c.service, Doc: c.doc, Local: c.event.local,
		Payload: c.request.String(), Subscribers: subscribers,
	}
	info.PayloadSchema, _ = schema.Document(c.request, schema.Request) // malformed tags are Node.Check's to report
	if c.example != nil {
		info.Example, _ = marshalExample(c.example) // so is an example that does not marshal
	}
	return info
}
