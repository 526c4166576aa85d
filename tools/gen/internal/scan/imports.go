package scan

import (
	"fmt"
	"go/ast"
	"path"
	"slices"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// readImports makes edges of the imports of other services' contracts.
func (r *reading) readImports(p *pkg, f *file) error {
	given, problems := r.scanner.readDirectives(f)
	r.problems = append(r.problems, problems...)
	for _, spec := range f.whole().Imports {
		contract, err := r.readImport(imported{p, f, spec, r.scanner.home(importPath(spec))}, given[spec])
		if err != nil {
			return err
		}
		if d := given[spec]; d != nil && !contract {
			r.problems = append(r.problems, r.scanner.unused(f, d, "this import is not of another service's contract"))
		}
	}
	return nil
}

// imported is an import declaration of a file of a package, and where it leads.
type imported struct {
	pkg  *pkg
	file *file
	spec *ast.ImportSpec
	home home
}

// readImport makes edges of one import, or says why it must not be. It tells
// whether it is of another service's contract.
func (r *reading) readImport(i imported, d *directive) (contract bool, err error) {
	h := i.home
	switch {
	case r.owns(h), h.kind == ofNobody, h.kind == ofModule:
		return false, nil
	case h.kind == ofPlugin:
		r.report(i, "boundary", fmt.Sprintf("%s imports the plugin %s", r.subject(i.pkg), r.shown(h.path)),
			"plugins are linked by the selection in config.yml; a service uses them through package plugin")
		return false, nil
	case h.kind == undeclared:
		if d == nil {
			r.undeclared(i)
		}
		return true, nil
	case h.kind == unread:
		r.unread(i)
		return false, nil
	case !h.contract:
		r.boundary(i)
		return false, nil
	}
	return true, r.readContract(i, d)
}

// readContract makes edges of the import of a contract.
func (r *reading) readContract(i imported, d *directive) error {
	c, err := r.scanner.contract(i.home)
	if err != nil {
		return err
	}
	r.problems = append(r.problems, c.problems...)
	switch {
	case r.scanner.some && !c.found(): // it is not known what is used
		r.partial = true
		r.edges = append(r.edges, i.file.edge(r.name, i.home.name, graph.Unread, i.spec.Path.Pos()))
		return nil
	case !c.known && i.home.outside.Module != "":
		r.unread(i)
		return nil
	case !c.found():
		r.partial = true
		r.report(i, "missing-contract",
			fmt.Sprintf("%s imports %s, which does not exist", r.subject(i.pkg), r.shown(i.home.path)),
			"there is no service "+i.home.name+" here, or it has no contract")
		return nil
	}
	u := use{imported: i, contract: c, local: localName(i.spec, c.clause), directive: d}
	if u.local == "." {
		r.report(i, "dot-import",
			fmt.Sprintf("the contract of %s is imported with a dot, which hides what is used of it", i.home.name),
			"import it by its name")
		return nil
	}
	r.addUses(u)
	return nil
}

// shown is a package of the tree by its folder, and another by its import path.
func (r *reading) shown(importPath string) string {
	if dir, ok := r.scanner.root.Dir(importPath); ok {
		return dir
	}
	return importPath
}

// boundary reports the import of a package that is the other service's own.
func (r *reading) boundary(i imported) {
	contract := r.scanner.contractPath(i.home.name)
	help := fmt.Sprintf("import %q and use its actions", contract)
	if dir, inTree := r.scanner.root.Dir(contract); inTree {
		if has, err := r.scanner.folders(path.Dir(dir)); err == nil && !slices.Contains(has, path.Base(dir)) {
			help = fmt.Sprintf("%s has no contract; what several services share belongs outside of %s/", path.Dir(dir), layout.ServicesDir)
		}
	}
	r.report(i, "boundary", fmt.Sprintf("%s imports %s, which is not a contract", r.subject(i.pkg), r.shown(i.home.path)), help)
}

// undeclared reports the contract of a service that config.yml does not know.
func (r *reading) undeclared(i imported) {
	service := layout.ContractOf(i.home.path)
	r.report(i, "undeclared-contract",
		fmt.Sprintf("%s uses the contract of %s, a service of another module that config.yml does not name", r.subject(i.pkg), service),
		fmt.Sprintf("declare it: external: {%s: {import: %s}}", service, layout.ServiceOf(i.home.path)))
}

// unread reports a package of which nobody can tell what it calls.
func (r *reading) unread(i imported) {
	o, help := i.home.outside, ""
	if i.home.kind == ofService {
		help = "\nor say in config.yml what the service needs: " + i.home.name + ": {needs: [...]}"
	}
	r.report(i, "unread-source",
		fmt.Sprintf("%s cannot be read: the source of %s is not here", i.home.path, o), "run: go mod download "+o.Module+help)
}

func (r *reading) report(i imported, code, message, help string) {
	at := i.file.at(i.spec.Path.Pos())
	r.problems = append(r.problems, r.scanner.problem(i.file, at, code, message, help))
}
