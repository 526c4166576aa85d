package scan

import (
	"go/ast"
	"go/token"
	"path"
	"sync"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// contract says what the names of a contract's package stand for.
type contract struct {
	once sync.Once
	// pkg is the name in the package clause; empty when there is no such package.
	pkg string
	// kinds has the names that reach an action or an event.
	kinds map[string]graph.Kind
	// other is what any other name stands for.
	other    graph.Kind
	problems []config.Problem
	err      error
}

// contract reads the contract of a service, once.
func (s *Scanner) contract(service string) *contract {
	s.mu.Lock()
	c := s.contracts[service]
	if c == nil {
		c = &contract{other: graph.Types}
		s.contracts[service] = c
	}
	s.mu.Unlock()
	c.once.Do(func() { c.read(s, service) })
	return c
}

func (c *contract) read(s *Scanner, service string) {
	files, err := s.files(layout.ContractDir(service))
	if err != nil {
		c.err = err
		return
	}
	names := mentions{}
	for _, f := range files {
		f.parse(withComments)
		if f.ignored() {
			continue
		}
		if f.broken != nil {
			c.problems = append(c.problems, s.syntaxProblem(f))
		}
		c.pkg = f.syntax.Name.Name
		names.add(f.syntax)
	}
	c.kinds = names.kinds()
}

// kind is what the use of a name of the contract makes of the user.
func (c *contract) kind(name string) graph.Kind {
	if kind, known := c.kinds[name]; known {
		return kind
	}
	return c.other
}

// unread is the contract of a service of another module, whose source is not
// looked for: whatever is used of it counts as a call.
func unread(service string) *contract {
	return &contract{pkg: layout.Contract(service), other: graph.Calls}
}

// mention is what the declaration of a package-level name has in it.
type mention struct {
	action, event bool
	names         map[string]bool
}

// mentions are the package-level names of a contract. A name reaches an action
// when its declaration makes one or mentions a name that does: so a bound
// Evaluate.With(...) or a helper function counts like the action itself.
type mentions map[string]*mention

// add collects the declarations of one file.
func (m mentions) add(syntax *ast.File) {
	bus := busName(syntax)
	for _, decl := range syntax.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			m.of(owner(d)).walk(bus, d.Body)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				m.addSpec(bus, spec)
			}
		}
	}
}

func (m mentions) addSpec(bus string, spec ast.Spec) {
	values, ok := spec.(*ast.ValueSpec)
	if !ok {
		return
	}
	for i, name := range values.Names {
		found := m.of(name.Name)
		if values.Type != nil {
			found.walk(bus, values.Type)
		}
		for j, value := range values.Values {
			if i == j || len(values.Values) != len(values.Names) {
				found.walk(bus, value)
			}
		}
	}
}

func (m mentions) of(name string) *mention {
	if m[name] == nil {
		m[name] = &mention{names: make(map[string]bool)}
	}
	return m[name]
}

// owner is the package-level name that a function belongs to: its own, or its receiver's type.
func owner(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok && name == "" {
			name = ident.Name
		}
		return name == ""
	})
	return name
}

// walk collects what a part of a declaration has in it. Bus is the file's name
// for package bus: "." when it was imported into the file's own names.
func (n *mention) walk(bus string, part ast.Node) {
	switch part := part.(type) {
	case *ast.BlockStmt:
		if part == nil {
			return
		}
	case nil:
		return
	}
	ast.Inspect(part, func(node ast.Node) bool {
		switch e := node.(type) {
		case *ast.SelectorExpr:
			if of, ok := e.X.(*ast.Ident); ok && of.Name == bus {
				n.mark(e.Sel.Name)
				return false
			}
			n.walk(bus, e.X)
			return false
		case *ast.Ident:
			n.names[e.Name] = true
			if bus == "." {
				n.mark(e.Name)
			}
		}
		return true
	})
}

// mark notes the use of a name of package bus.
func (n *mention) mark(name string) {
	switch name {
	case "NewAction", "Action":
		n.action = true
	case "NewEvent", "NewDurableEvent", "Event", "DurableEvent":
		n.event = true
	}
}

// kinds follows mentions to the actions and events they lead to.
func (m mentions) kinds() map[string]graph.Kind {
	kinds := make(map[string]graph.Kind)
	for name := range m {
		if !token.IsExported(name) {
			continue
		}
		action, event := m.reach(name, make(map[string]bool))
		switch {
		case action:
			kinds[name] = graph.Calls
		case event:
			kinds[name] = graph.Listens
		}
	}
	return kinds
}

// reach tells whether an action or an event can be got to from name.
func (m mentions) reach(name string, seen map[string]bool) (action, event bool) {
	here := m[name]
	if here == nil || seen[name] {
		return false, false
	}
	seen[name] = true
	action, event = here.action, here.event
	for next := range here.names {
		a, e := m.reach(next, seen)
		action, event = action || a, event || e
	}
	return action, event
}

// busName is the name by which a file knows package bus; empty when it does not.
func busName(syntax *ast.File) string {
	for _, spec := range syntax.Imports {
		if importPath(spec) == layout.Bus {
			return localName(spec, path.Base(layout.Bus))
		}
	}
	return ""
}
