package layout

import (
	"path"
	"strings"

	"github.com/shopanaio/orchestrator/config/manifest"
)

// Root is one tree of services: a folder with a config.yml, in a module.
type Root struct {
	// Import is the import path of the root's folder.
	Import string
	// Package is the folder below the module's, slash separated; "" for the module's own.
	Package string
	// Module is the path of the module.
	Module string
	// Flags are those by which gen finds the tree from the module's folder, each
	// with a space before it.
	Flags string
}

// NewRoot returns the root at folder pkg ("" or "." for the module's own) of module.
func NewRoot(module, pkg string) Root {
	if pkg == "." {
		pkg = ""
	}
	flags := ""
	if pkg != "" {
		flags = " --root " + pkg
	}
	return Root{Import: path.Join(module, pkg), Package: pkg, Module: module, Flags: flags}
}

// Command is how to run gen on this tree, with a command of gen or none.
func (r Root) Command(name string) string {
	gen := "go run " + Module + "/tools/gen"
	if r.Module == Module {
		gen = "go run ./tools/gen"
	}
	if name != "" {
		gen += " " + name
	}
	return gen + r.Flags
}

// Regenerate is the command that makes generated files right again. The directive
// that go generate finds is in this module, and for this tree only.
func (r Root) Regenerate() string {
	if r.Module == Module && r.Flags == "" {
		return manifest.Regenerate
	}
	return r.Command("")
}

// ImportPath is the import path of the folder dir, which is relative to the root.
func (r Root) ImportPath(dir string) string { return path.Join(r.Import, dir) }

// Dir is the folder of an import path relative to the root; false for a package of elsewhere.
func (r Root) Dir(importPath string) (string, bool) {
	if importPath == r.Import {
		return ".", true
	}
	return strings.CutPrefix(importPath, r.Import+"/")
}

// Label is the Bazel label of the package in the folder dir, which is relative
// to the root, in its short form: the target named like the folder.
func (r Root) Label(dir string) string { return "//" + path.Join(r.Package, dir) }

// ConfigLabel is the Bazel label of the root's config.yml.
func (r Root) ConfigLabel() string { return "//" + r.Package + ":" + ConfigFile }
