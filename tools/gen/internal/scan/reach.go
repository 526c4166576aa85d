package scan

import (
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
)

// reach is what the use of a name makes of the user: the services whose actions
// (Calls) or events (Listens) can be got to from it.
type reach map[string]graph.Kind

func (r reach) add(service string, kind graph.Kind) {
	if kind != "" && r[service] != graph.Calls {
		r[service] = kind
	}
}

// reach follows a name of a package of service: whatever is declared there and
// cannot be shown to be harmless counts as a call of that service.
func (s *Scanner) reach(p *pkg, name string) reach {
	if known, ok := p.reached.Load(name); ok {
		return known.(reach)
	}
	t := tracer{scanner: s, service: p.home.name, seen: make(map[ref]bool), found: reach{}}
	t.follow(ref{p.home.path, name})
	p.reached.Store(name, t.found)
	return t.found
}

// linking follows what linking a contract alone makes of the user: what the package,
// and those that it links, do before main may put an action where others find it.
func (s *Scanner) linking(p *pkg) reach {
	if known, ok := p.reached.Load(initializer); ok {
		return known.(reach)
	}
	t := tracer{scanner: s, service: p.home.name, seen: make(map[ref]bool), found: reach{}}
	t.link(p, make(map[*pkg]bool))
	p.reached.Store(initializer, t.found)
	return t.found
}

// tracer follows names to the actions and events that they lead to.
type tracer struct {
	scanner *Scanner
	// service is the one that answers for what nobody else does.
	service string
	seen    map[ref]bool
	found   reach
}

func (t tracer) follow(r ref) {
	if t.seen[r] {
		return
	}
	t.seen[r] = true
	p := t.scanner.pkg(r.pkg)
	if p == nil {
		t.unread(r.pkg)
		return
	}
	if p.home.kind == ofService {
		t.service = p.home.name
	}
	d := p.declared(t.scanner)[r.name]
	if d == nil {
		return
	}
	if d.variable.name != nil {
		t.variable(p, d)
	}
	t.mentions(p, d)
}

// variable judges what a variable can hold, and follows who puts it there.
func (t tracer) variable(p *pkg, d *decl) {
	n := t.scanner.nature(p, d)
	if n == unclear {
		t.found.add(t.service, graph.Calls)
	}
	if n == inert {
		return
	}
	for _, setter := range p.setters[d.variable.name.Name] {
		t.mentions(p, setter)
	}
}

// unread judges a package that is not read by where it belongs.
func (t tracer) unread(importPath string) {
	switch h := t.scanner.home(importPath); h.kind {
	case ofService:
		kind := graph.Calls
		if e := t.scanner.external(importPath); t.scanner.some && (e == nil || !e.NeedsSet) {
			kind = graph.Unread
		}
		t.found.add(h.name, kind)
	case unread, undeclared:
		t.found.add(t.service, graph.Calls)
	}
}

// mentions follows what a declaration has in it.
func (t tracer) mentions(p *pkg, d *decl) {
	t.found.add(t.service, d.unsaid)
	for _, c := range d.calls {
		born := t.scanner.born(p, c)
		if len(born) == 0 {
			t.follow(c.to)
		}
		for _, b := range born {
			service := t.scanner.owner(b.service)
			if b.service == "" || service == "" {
				service = t.service // the place is reported by who reads the package
			}
			t.found.add(service, b.kind)
		}
	}
	for r := range d.refs { // those that are no calls
		t.follow(r)
	}
}
