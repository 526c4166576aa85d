package scan

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// birth is a place where an action or an event is made by its name.
type birth struct {
	call
	kind graph.Kind
	// argument is the name as it is written.
	argument ast.Expr
	// name is what is known of it from its beginning, and service what stands before its dot.
	name, service string
	// open tells that the name is a parameter of the function around it, which
	// makes whatever it is called with. Who calls a method is not known by its name,
	// so a name is never open there.
	open bool
}

// born are the actions and events that a call makes, directly or through functions
// that pass the name on.
func (s *Scanner) born(p *pkg, c call) []birth { return s.bornOf(p, c, &asking{}) }

// asking is one question whether a function is a maker, with those that are asked
// about on the way. Cut tells that one of them was asked about within itself.
type asking struct {
	seen map[ref]bool
	cut  bool
}

func (s *Scanner) bornOf(p *pkg, c call, by *asking) []birth {
	all := []makes{{kind: c.makes}}
	if c.makes == "" {
		all = s.maker(c.to, by)
	}
	var found []birth
	for _, m := range all {
		b := birth{call: c, kind: m.kind, argument: c.at}
		if m.index < len(c.args) {
			b.argument = c.args[m.index]
			text, whole := p.constants.fold(b.argument)
			if service, _, dotted := strings.Cut(text, "."); dotted || whole {
				b.name, b.service = text, service
			}
			_, b.open = parameter(c.inside, b.argument)
		}
		found = append(found, b)
	}
	return found
}

// makes says what a function makes, and which of its parameters is the name of it.
type makes struct {
	index int
	kind  graph.Kind
}

// maker says what a function makes whose name it takes as a parameter.
func (s *Scanner) maker(fn ref, by *asking) []makes {
	p := s.pkg(fn.pkg)
	if p == nil {
		return nil
	}
	if known, ok := p.makers.Load(fn.name); ok {
		return known.([]makes)
	}
	if by.seen[fn] {
		by.cut = true
		return nil
	}
	first := by.seen == nil
	if first {
		by.seen = make(map[ref]bool)
	}
	by.seen[fn] = true
	found := s.makes(p, p.declared(s)[fn.name], by)
	if first || !by.cut { // the rest may yet make more, asked about by itself
		p.makers.Store(fn.name, found)
	}
	return found
}

// makes looks for what a function makes among its calls.
func (s *Scanner) makes(p *pkg, d *decl, by *asking) (found []makes) {
	if d == nil || d.fn == nil {
		return nil
	}
	for _, c := range d.calls {
		for _, b := range s.bornOf(p, c, by) {
			at, open := parameter(d.fn, b.argument)
			if m := (makes{at, b.kind}); open && !slices.Contains(found, m) {
				found = append(found, m)
			}
		}
	}
	return found
}

// parameter finds the parameter of a function, not a method, that an expression is or
// begins with. One that the function changes says nothing of what it was called with.
func parameter(fn *ast.FuncDecl, e ast.Expr) (index int, ok bool) {
	if fn == nil || fn.Recv != nil || e == nil {
		return 0, false
	}
	id, isName := leftmost(e).(*ast.Ident)
	if !isName || id.Obj == nil {
		return 0, false
	}
	for _, f := range fn.Type.Params.List {
		for _, name := range f.Names {
			if name.Obj == id.Obj {
				return index, !changes(fn, id.Obj)
			}
			index++
		}
		if len(f.Names) == 0 {
			index++
		}
	}
	return 0, false
}

// changes tells whether a function sets its parameter, or lends it to who may.
func changes(fn *ast.FuncDecl, parameter *ast.Object) bool { //nolint:staticcheck // what replaces it is the type checker
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		for _, e := range targets(n) {
			id := root(e)
			found = found || id != nil && id.Obj == parameter
		}
		return !found
	})
	return found
}

// births are the places of a package where an action or an event gets its name,
// in the order of the text.
func (s *Scanner) births(p *pkg) []birth {
	p.bearing.Do(func() {
		for _, d := range p.declared(s) {
			for _, c := range d.calls {
				for _, b := range s.born(p, c) {
					if !b.open {
						p.births = append(p.births, b)
					}
				}
			}
		}
		slices.SortFunc(p.births, func(a, b birth) int { return cmp.Compare(a.at.Pos(), b.at.Pos()) })
	})
	return p.births
}

// birthProblem says why it is not known whose action or event this is; nil when it is.
func (s *Scanner) birthProblem(b birth) *config.Problem {
	what := map[graph.Kind]string{graph.Calls: "action", graph.Listens: "event"}[b.kind]
	var message, help string
	switch {
	case b.service == "":
		message = "the name of this " + what + " cannot be read"
		help = `write it out, as in bus.NewAction[Request, Response]("orders.place"): what stands before the dot is the service`
	case s.owner(b.service) == "":
		message = fmt.Sprintf("the %s %s is of a service %s, which is not here", what, b.name, b.service)
		help = fmt.Sprintf("correct the name, or declare the service in config.yml: external: {%s: {import: ...}}", b.service)
	default:
		return nil
	}
	at := b.file.at(b.argument.Pos())
	p := s.problem(b.file, at, "foreign-name", message, help)
	return &p
}

// bears tells whether a package may make an action or an event: whether its text
// speaks of it, or it imports a package that may, or a contract that does it for others.
func (s *Scanner) bears(p *pkg, asked map[*pkg]bool) bool {
	if p == nil || asked[p] {
		return false
	}
	asked[p] = true
	for _, f := range p.files {
		for _, spec := range f.imports().Imports {
			name := importPath(spec)
			if name == layout.Bus && f.mentions("NewAction", "NewEvent", "NewDurableEvent") {
				return true
			}
			h := s.home(name)
			if !h.read() {
				continue
			}
			if q := s.pkg(name); h.contract && s.lends(q) || !h.contract && s.bears(q, asked) {
				return true
			}
		}
	}
	return false
}

// lends tells whether a contract has functions that make an action or an event of
// any name.
func (s *Scanner) lends(p *pkg) bool {
	for name, d := range p.declared(s) {
		if d.fn != nil && token.IsExported(name) && len(s.maker(ref{p.home.path, name}, &asking{})) > 0 {
			return true
		}
	}
	return false
}
