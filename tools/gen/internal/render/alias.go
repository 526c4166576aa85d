package render

import (
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

// imported is a package of a generated file and the name it has there.
type imported struct {
	path, alias string
	// explicit says that the name must be written in the import.
	explicit bool
}

// spec is the import's line.
func (i imported) spec() string {
	if i.explicit {
		return i.alias + " " + strconv.Quote(i.path)
	}
	return strconv.Quote(i.path)
}

// aliases gives every imported package a name. A service's or plugin's is its
// own name without dashes; where that is taken, or a word of Go, "service" or
// "plugin" is added, and then a number. Services come first, by name.
type aliases struct {
	taken   map[string]bool
	imports []imported
}

// newAliases reserves the names that the generated files declare or import themselves.
func newAliases(transports []layout.Transport) *aliases {
	a := &aliases{taken: make(map[string]bool)}
	for _, name := range []string{"embed", "main", "manifest", "orchestrator", "os", "plugins", "services", "transports"} {
		a.taken[name] = true
	}
	a.imports = append(a.imports, imported{path: layout.Orchestrator, alias: "orchestrator"})
	for _, t := range transports {
		a.taken[t.Package()] = true
		a.imports = append(a.imports, imported{path: t.Import(), alias: t.Package()})
	}
	return a
}

// add names a package whose clause says pkg, for a service or plugin called name.
func (a *aliases) add(name, pkg, importPath, kind string) string {
	alias := a.free(layout.Ident(name), kind)
	a.taken[alias] = true
	plain := alias == pkg && alias == path.Base(importPath)
	a.imports = append(a.imports, imported{path: importPath, alias: alias, explicit: !plain})
	return alias
}

// free returns name, or what comes closest to it and is free.
func (a *aliases) free(name, kind string) string {
	if a.usable(name) {
		return name
	}
	longer := name + kind
	for i := 2; !a.usable(longer); i++ {
		longer = name + kind + strconv.Itoa(i)
	}
	return longer
}

func (a *aliases) usable(name string) bool {
	return !a.taken[name] && !token.IsKeyword(name) && types.Universe.Lookup(name) == nil
}

// sorted returns the imports by path.
func (a *aliases) sorted() []imported {
	slices.SortFunc(a.imports, func(x, y imported) int { return strings.Compare(x.path, y.path) })
	return a.imports
}

// byName returns services by name, which is the order in which aliases are given.
func byName(services []resolve.Service) []resolve.Service {
	sorted := slices.Clone(services)
	slices.SortFunc(sorted, func(x, y resolve.Service) int { return strings.Compare(x.Name, y.Name) })
	return sorted
}
