package natsbus

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/shopanaio/orchestrator/bus"
)

// The server gives a request to any instance of its service: also to one of an earlier
// build, which does not have the action, and to one that is full. What such an instance
// refuses before its handler runs was not done, and another instance may do it.

// refusedHeader holds the run of the instance that refused.
const refusedHeader = "Bus-Refused"

// refusal is the answer of an instance whose handler did not run. The zero value is none.
type refusal struct {
	run string
	err error
}

// maxFull bounds how many instances a call finds full: an overload is not made worse by
// asking all of them.
const maxFull = 3

// instanceSubject is where one instance of a service takes its actions, without the
// name of the action.
func (t *transport) instanceSubject(service, run string) string {
	return t.config.Namespace + ".instances." + service + "." + run + "."
}

// ask sends the request to the queue group, or, when instances are known that lack the
// action, to one that is not.
func (t *transport) ask(ctx context.Context, m bus.Message) ([]byte, refusal, error) {
	if run := t.presence.peers.narrowed(m.Service, m.Action); run != "" {
		body, r, err := t.askInstance(ctx, m, run)
		if !errors.Is(err, bus.ErrNobody) { // else it has gone, or is of an earlier build
			return body, r, err
		}
	}
	return t.exchange(ctx, t.config.Namespace+"."+m.Action, m)
}

func (t *transport) askInstance(ctx context.Context, m bus.Message, run string) ([]byte, refusal, error) {
	return t.exchange(ctx, t.instanceSubject(m.Service, run)+endpointName(m.Action), m)
}

// askOthers asks one instance after the other until one does not refuse. When all do,
// the call is served here, if it can be.
func (t *transport) askOthers(ctx context.Context, m bus.Message, r refusal) ([]byte, error) {
	peers, last, full := t.presence.peers, r.err, 0
	var tried []string
	for {
		switch {
		case errors.Is(r.err, bus.ErrNobody): // it has gone, or is of an earlier build
		case bus.CodeOf(r.err) == bus.Unimplemented:
			peers.lack(r.run, m.Action)
		default: // that one is worth a report: it has the action
			last = r.err
			full++
		}
		tried = append(tried, r.run)
		run := peers.able(m.Service, m.Action, tried)
		if run == "" || full >= maxFull {
			break
		}
		body, next, err := t.askInstance(ctx, m, run)
		switch {
		case errors.Is(err, bus.ErrNobody):
			next = refusal{run: run, err: err}
		case next.run == "":
			return body, err
		}
		r, tried = next, append(tried, run)
	}
	if t.node.Handles(m.Action) {
		return nil, bus.ErrNobody
	}
	return nil, last
}

// lacking are the runs that lack an action which others of their service have, by
// action. The lock of the peers guards it, but for any.
type lacking struct {
	any  atomic.Bool // there are some; most of the time there are none
	runs map[string][]string
}

func (l *lacking) remove(run string) {
	for action, runs := range l.runs {
		if runs = slices.DeleteFunc(runs, func(each string) bool { return each == run }); len(runs) == 0 {
			delete(l.runs, action)
		} else {
			l.runs[action] = runs
		}
	}
	l.any.Store(len(l.runs) > 0)
}

// lack notes that an instance does not have an action. It is forgotten with the instance.
func (p *peers) lack(run, action string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known[run] == nil || slices.Contains(p.lacking.runs[action], run) {
		return
	}
	if p.lacking.runs == nil {
		p.lacking.runs = map[string][]string{}
	}
	p.lacking.runs[action] = append(p.lacking.runs[action], run)
	p.lacking.any.Store(true)
}

// narrowed is an instance that may have an action which some do not have, "" when none
// is known to lack it.
func (p *peers) narrowed(service, action string) string {
	if !p.lacking.any.Load() {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lacking.runs[action]) == 0 {
		return ""
	}
	return p.choose(service, p.lacking.runs[action])
}

// able is an instance of the service that is not known to lack the action and is not
// among those that were tried, "" if there is none.
func (p *peers) able(service, action string, tried []string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.choose(service, slices.Concat(p.lacking.runs[action], tried))
}

// choose takes any instance of the service but some. The lock is held.
func (p *peers) choose(service string, but []string) string {
	var all []string
	for run, n := range p.known {
		if slices.Contains(n.Services, service) && !slices.Contains(but, run) {
			all = append(all, run)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[rand.N(len(all))]
}

// endpointName is the action without its service.
func endpointName(action string) string {
	_, name, _ := strings.Cut(action, ".")
	return name
}
