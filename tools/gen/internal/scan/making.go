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
	// makes whatever it is called with.
	open bool
}

// birth says whether a call makes an action or an event, directly or through
// functions that pass the name on.
func (s *Scanner) birth(p *pkg, c call) (birth, bool) {
	m := makes{kind: c.makes}
	if m.kind == "" {
		if m = s.maker(c.to); m.kind == "" {
			return birth{}, false
		}
	}
	b := birth{call: c, kind: m.kind, argument: c.at}
	if m.index < len(c.args) {
		b.argument = c.args[m.index]
		text, whole := p.constants.fold(b.argument)
		if service, _, dotted := strings.Cut(text, "."); dotted || whole {
			b.name, b.service = text, service
		}
		_, b.open = parameter(c.inside, b.argument)
	}
	return b, true
}

// makes says what a function makes, and which of its parameters is the name of it.
type makes struct {
	index int
	kind  graph.Kind
}

// maker tells a function that makes an action or an event and takes its name as
// a parameter.
func (s *Scanner) maker(fn ref) makes {
	p := s.pkg(fn.pkg)
	if p == nil {
		return makes{}
	}
	if known, ok := p.makers.Load(fn.name); ok {
		return known.(makes)
	}
	p.makers.Store(fn.name, makes{}) // one that calls itself is answered
	var m makes
	if d := p.declared(s)[fn.name]; d != nil && d.fn != nil {
		for _, c := range d.calls {
			b, ok := s.birth(p, c)
			if at, open := parameter(d.fn, b.argument); ok && open {
				m = makes{at, b.kind}
				break
			}
		}
	}
	p.makers.Store(fn.name, m)
	return m
}

// parameter finds the parameter of a function that an expression is or begins with.
func parameter(fn *ast.FuncDecl, e ast.Expr) (index int, ok bool) {
	if fn == nil || e == nil {
		return 0, false
	}
	id, isName := leftmost(e).(*ast.Ident)
	if !isName || id.Obj == nil { //nolint:staticcheck // what replaces it is the type checker
		return 0, false
	}
	for _, f := range fn.Type.Params.List {
		for _, name := range f.Names {
			if name.Obj == id.Obj { //nolint:staticcheck // as above
				return index, true
			}
			index++
		}
		if len(f.Names) == 0 {
			index++
		}
	}
	return 0, false
}

// births are the places of a package where an action or an event gets its name,
// in the order of the text.
func (s *Scanner) births(p *pkg) []birth {
	p.bearing.Do(func() {
		for _, d := range p.declared(s) {
			for _, c := range d.calls {
				if b, ok := s.birth(p, c); ok && !b.open {
					p.births = append(p.births, b)
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
		if d.fn != nil && token.IsExported(name) && s.maker(ref{p.home.path, name}).kind != "" {
			return true
		}
	}
	return false
}
