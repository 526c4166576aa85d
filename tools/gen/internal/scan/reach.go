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
	if d == nil || d.constant {
		return
	}
	if d.variable.name != nil && t.scanner.nature(p, d) == unclear {
		t.found.add(t.service, graph.Calls)
	}
	t.mentions(p, d)
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
	for r := range d.refs {
		t.follow(r)
	}
	for _, c := range d.calls {
		b, ok := t.scanner.birth(p, c)
		if !ok {
			t.follow(c.to)
			continue
		}
		service := t.scanner.owner(b.service)
		if b.service == "" || service == "" {
			service = t.service // the place is reported by who reads the package
		}
		t.found.add(service, b.kind)
	}
}
