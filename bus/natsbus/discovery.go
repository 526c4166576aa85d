package natsbus

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// version is what discovery says of every service: one repository, one version.
const version = "0.1.0"

// desk answers the questions of the NATS service protocol for all services of the
// process. They come to one channel: a subscription with a function costs a goroutine.
type desk struct {
	questions chan *nats.Msg
	quit      chan struct{}
	ended     sync.WaitGroup
}

// maxQuestions is how many may wait. Whoever asks more asks again.
const maxQuestions = 1024

// open begins to answer those that are for whoever is there. The lock is held.
func (d *desk) open(t *transport) error {
	d.questions, d.quit = make(chan *nats.Msg, maxQuestions), make(chan struct{})
	sub, err := t.conn.ChanSubscribe(micro.APIPrefix+".*", d.questions)
	if err != nil {
		return err
	}
	t.shared = append(t.shared, sub)
	d.ended.Go(func() { d.run(t) })
	return nil
}

func (d *desk) run(t *transport) {
	for {
		select {
		case msg := <-d.questions:
			t.inform(msg)
		case <-d.quit:
			return
		}
	}
}

// close ends it, once, if it was opened.
func (d *desk) close() {
	if d.quit != nil {
		close(d.quit)
		d.ended.Wait()
		d.quit = nil
	}
}

// announce lets who asks for the service, or for this instance of it, find it.
func (s *served) announce() error {
	t, one := s.transport, micro.APIPrefix+".*."+s.name
	return errors.Join(
		s.keep(t.conn.ChanSubscribe(one, t.desk.questions)),
		s.keep(t.conn.ChanSubscribe(one+"."+s.id, t.desk.questions)),
	)
}

// inform answers a question: $SRV.<verb>, $SRV.<verb>.<service> or
// $SRV.<verb>.<service>.<id>.
func (t *transport) inform(msg *nats.Msg) {
	parts := strings.Split(msg.Subject, ".")
	asked := t.all()
	if len(parts) > 2 {
		asked = nil
		if s := t.service(parts[2]); s != nil {
			asked = []*served{s}
		}
	}
	var known map[string][]bus.ActionInfo
	for _, s := range asked {
		switch parts[1] {
		case micro.PingVerb.String():
			t.sendFitting(msg, micro.Ping{ServiceIdentity: s.identity(), Type: micro.PingResponseType}, nil)
		case micro.InfoVerb.String(), micro.StatsVerb.String():
			if known == nil {
				known = t.handled()
			}
			s.describe(msg, parts[1], known[s.name])
		}
	}
}

// handled are the actions that have a handler here, by service.
func (t *transport) handled() map[string][]bus.ActionInfo {
	known := map[string][]bus.ActionInfo{}
	for _, a := range t.node.Actions() {
		if a.Handled {
			known[a.Service] = append(known[a.Service], a)
		}
	}
	return known
}

// describe lists of the actions of the service what one message has room for.
func (s *served) describe(msg *nats.Msg, verb string, actions []bus.ActionInfo) {
	if verb == micro.StatsVerb.String() {
		stats := s.stats(actions)
		s.transport.sendFitting(msg, stats, func() bool {
			stats.Endpoints = half(stats.Endpoints, stats.Metadata, len(actions))
			return len(stats.Endpoints) > 0
		})
		return
	}
	info := s.info(actions)
	shorter := shorten(info)
	if schemas(actions) > s.transport.conn.MaxPayload() {
		shorter() // without writing it all first
	}
	s.transport.sendFitting(msg, info, shorter)
}

// schemas is how much the schemas of actions take, at least.
func schemas(actions []bus.ActionInfo) (size int64) {
	for _, a := range actions {
		size += int64(len(a.RequestSchema) + len(a.ResponseSchema))
	}
	return size
}

// sendFitting sends an answer, shorter and shorter until the server takes it.
func (t *transport) sendFitting(msg *nats.Msg, what any, shorter func() bool) {
	body, err := json.Marshal(what)
	for err == nil && int64(len(body)) > t.conn.MaxPayload() && shorter != nil && shorter() {
		body, err = json.Marshal(what)
	}
	t.respond(msg, body, err)
}

// leftOut is the key in the metadata of an answer that says what it had no room for.
const leftOut = "left_out"

// shorten takes from the actions what takes most room, then all but their names, and
// then half of them, and so on.
func shorten(info *micro.Info) func() bool {
	step, all := 0, len(info.Endpoints)
	return func() bool {
		step++
		switch step {
		case 1:
			info.Metadata[leftOut] = "schemas and examples: /debug/actions of the admin server has them"
			for _, e := range info.Endpoints {
				delete(e.Metadata, "request_schema")
				delete(e.Metadata, "response_schema")
				delete(e.Metadata, "example")
			}
		case 2:
			info.Metadata[leftOut] = "what the actions are: /debug/actions of the admin server says it"
			for i := range info.Endpoints {
				info.Endpoints[i].Metadata = nil
			}
		default:
			info.Endpoints = half(info.Endpoints, info.Metadata, all)
		}
		return len(info.Endpoints) > 0
	}
}

// half is the first half of a list, of all that there are.
func half[T any](list []T, metadata map[string]string, all int) []T {
	list = list[:len(list)/2]
	metadata[leftOut] = fmt.Sprintf("all but the first %d of %d actions: /debug/actions of the admin server has them", len(list), all)
	return list
}

func (s *served) identity() micro.ServiceIdentity {
	return micro.ServiceIdentity{
		Name: s.name, ID: s.id, Version: version,
		Metadata: map[string]string{"node": s.transport.node.ID(), "namespace": s.transport.config.Namespace},
	}
}

func (s *served) info(actions []bus.ActionInfo) *micro.Info {
	info := &micro.Info{ServiceIdentity: s.identity(), Type: micro.InfoResponseType, Description: "service " + s.name}
	for _, a := range actions {
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

func (s *served) stats(actions []bus.ActionInfo) *micro.Stats {
	stats := &micro.Stats{ServiceIdentity: s.identity(), Type: micro.StatsResponseType, Started: s.started}
	for _, a := range actions {
		e := &micro.EndpointStats{Name: endpointName(a.Name), Subject: s.transport.config.Namespace + "." + a.Name, QueueGroup: s.name}
		if d := s.known(a.Name); d != nil {
			d.fill(e)
		}
		stats.Endpoints = append(stats.Endpoints, e)
	}
	return stats
}

// tally counts what came over NATS, as the service protocol counts it.
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
		c.last = cut(err.Error(), maxID)
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
