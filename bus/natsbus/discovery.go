package natsbus

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// version is what discovery says of every service: one repository, one version.
const version = "0.1.0"

// announce answers the three verbs of the NATS service protocol for a service,
// for all, by name and by instance.
func (t *transport) announce(s *served) ([]*nats.Subscription, error) {
	var subs []*nats.Subscription
	for verb, answer := range map[micro.Verb]func() any{micro.PingVerb: s.ping, micro.InfoVerb: s.info, micro.StatsVerb: s.stats} {
		for _, to := range [][2]string{{"", ""}, {s.name, ""}, {s.name, s.id}} {
			subject, err := micro.ControlSubject(verb, to[0], to[1])
			if err != nil {
				return subs, fmt.Errorf("the service %s cannot be announced to NATS: %w", s.name, err)
			}
			sub, err := t.conn.Subscribe(subject, func(msg *nats.Msg) { t.tell(msg, answer()) })
			if err != nil {
				return subs, fmt.Errorf("subscribing to %s: %w", subject, err)
			}
			subs = append(subs, sub)
		}
	}
	return subs, nil
}

func (t *transport) tell(msg *nats.Msg, what any) {
	body, err := json.Marshal(what)
	t.respond(msg, body, err)
}

func (s *served) identity() micro.ServiceIdentity {
	return micro.ServiceIdentity{
		Name: s.name, ID: s.id, Version: version,
		Metadata: map[string]string{"node": s.transport.node.ID(), "namespace": s.transport.config.Namespace},
	}
}

func (s *served) ping() any {
	return micro.Ping{ServiceIdentity: s.identity(), Type: micro.PingResponseType}
}

func (s *served) info() any {
	info := micro.Info{ServiceIdentity: s.identity(), Type: micro.InfoResponseType, Description: "service " + s.name}
	for _, a := range s.actions() {
		info.Endpoints = append(info.Endpoints, micro.EndpointInfo{
			Name: endpointName(a.Name), Subject: s.transport.config.Namespace + "." + a.Name, QueueGroup: s.name,
			Metadata: map[string]string{
				"doc": a.Doc, "request": a.Request, "response": a.Response, "example": string(a.Example),
				"request_schema": string(a.RequestSchema), "response_schema": string(a.ResponseSchema),
			},
		})
	}
	return info
}

func (s *served) stats() any {
	stats := micro.Stats{ServiceIdentity: s.identity(), Type: micro.StatsResponseType, Started: s.started}
	for _, a := range s.actions() {
		e := &micro.EndpointStats{Name: endpointName(a.Name), Subject: s.transport.config.Namespace + "." + a.Name, QueueGroup: s.name}
		if d := s.door(a.Name); d != nil {
			d.fill(e)
		}
		stats.Endpoints = append(stats.Endpoints, e)
	}
	return stats
}

// actions are those of the service that have a handler here.
func (s *served) actions() []bus.ActionInfo {
	return slices.DeleteFunc(s.transport.node.Actions(), func(a bus.ActionInfo) bool {
		return a.Service != s.name || !a.Handled
	})
}

// endpointName is the action without its service: the protocol allows no dot.
func endpointName(action string) string {
	_, name, _ := strings.Cut(action, ".")
	return name
}

// tally counts what came over NATS, as the service protocol tells it.
type tally struct {
	mu       sync.Mutex
	requests int
	errors   int
	last     string
	took     time.Duration
}

func (c *tally) count(took time.Duration, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	c.took += took
	if err != nil {
		c.errors++
		c.last = err.Error()
	}
}

func (c *tally) fill(e *micro.EndpointStats) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.NumRequests, e.NumErrors, e.LastError, e.ProcessingTime = c.requests, c.errors, c.last, c.took
	if c.requests > 0 {
		e.AverageProcessingTime = c.took / time.Duration(c.requests)
	}
}
