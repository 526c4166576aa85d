package scan

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// readImports makes edges of the imports of other services' contracts.
func (r *reading) readImports(f *file) error {
	given, problems := r.scanner.readDirectives(f)
	r.problems = append(r.problems, problems...)
	for _, spec := range f.syntax.Imports {
		contract, err := r.readImport(f, spec, given[spec])
		if err != nil {
			return err
		}
		if d := given[spec]; d != nil && !contract {
			r.problems = append(r.problems, r.scanner.unused(f, d, "this import is not of another service's contract"))
		}
	}
	return nil
}

// readImport makes edges of one import, or says why it must not be. It tells
// whether it is of another service's contract.
func (r *reading) readImport(f *file, spec *ast.ImportSpec, d *directive) (bool, error) {
	name := importPath(spec)
	if external, contract := r.scanner.external(name); external != "" {
		if !contract {
			r.boundary(f, spec, name, r.scanner.externalContract(external))
			return false, nil
		}
		r.use(f, spec, use{service: external, contract: unread(external), directive: d})
		return true, nil
	}
	dir, inTree := r.scanner.root.Dir(name)
	kind, rest, _ := strings.Cut(dir, "/")
	other, _, _ := strings.Cut(rest, "/")
	switch {
	case !inTree || rest == "" || r.owns(dir):
		return false, nil
	case kind == layout.PluginsDir:
		r.report(f, spec, "boundary", fmt.Sprintf("%s imports the plugin %s", r.service, dir),
			"plugins are linked by the selection in config.yml; a service uses them through package plugin")
		return false, nil
	case kind != layout.ServicesDir:
		return false, nil
	case dir != layout.ContractDir(other):
		r.boundary(f, spec, dir, r.scanner.root.ImportPath(layout.ContractDir(other)))
		return false, nil
	}
	return true, r.readContract(f, spec, other, d)
}

// readContract makes edges of the import of a contract in the tree.
func (r *reading) readContract(f *file, spec *ast.ImportSpec, other string, d *directive) error {
	c := r.scanner.contract(other)
	if c.err != nil {
		return c.err
	}
	r.problems = append(r.problems, c.problems...)
	if c.pkg == "" {
		r.partial = true
		r.report(f, spec, "missing-contract",
			fmt.Sprintf("%s imports %s, which does not exist", r.service, layout.ContractDir(other)),
			"there is no service "+other+" here, or it has no contract")
		return nil
	}
	r.use(f, spec, use{service: other, contract: c, directive: d})
	return nil
}

// use makes edges of a contract that was found.
func (r *reading) use(f *file, spec *ast.ImportSpec, u use) {
	u.local = localName(spec, u.contract.pkg)
	if u.local == "." {
		r.report(f, spec, "dot-import",
			fmt.Sprintf("the contract of %s is imported with a dot, which hides what is used of it", u.service),
			"import it by its name")
		return
	}
	r.addUses(f, spec, u)
}

// boundary reports the import of a package that is the other service's own.
func (r *reading) boundary(f *file, spec *ast.ImportSpec, what, contract string) {
	help := fmt.Sprintf("import %q and use its actions", contract)
	if dir, inTree := r.scanner.root.Dir(contract); inTree {
		if has, err := r.scanner.folders(path.Dir(dir)); err == nil && !slices.Contains(has, path.Base(dir)) {
			help = fmt.Sprintf("%s has no contract; what several services share belongs outside of %s/", path.Dir(dir), layout.ServicesDir)
		}
	}
	r.report(f, spec, "boundary", fmt.Sprintf("%s imports %s, which is not a contract", r.service, what), help)
}

func (r *reading) report(f *file, spec *ast.ImportSpec, code, message, help string) {
	r.problems = append(r.problems, r.scanner.problem(f, f.at(spec.Path.Pos()), code, message, help))
}
