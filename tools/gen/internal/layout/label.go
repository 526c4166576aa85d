package layout

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// ModuleOf is the module that has the package of an import path: the one with
// the longest path. It is empty when none of them has.
func ModuleOf(importPath string, modules []string) string {
	found := ""
	for _, m := range modules {
		if (importPath == m || strings.HasPrefix(importPath, m+"/")) && len(m) > len(found) {
			found = m
		}
	}
	return found
}

// ImportLabel is the Bazel label of a package of one of modules, of which the
// first is this one. Both the repository and the target are named as gazelle does it.
func ImportLabel(importPath string, modules []string) string {
	module := ModuleOf(importPath, modules)
	if module == "" {
		module = ModuleOf(importPath, []string{Module})
	}
	below := strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
	label := "//" + below
	if len(modules) == 0 || module != modules[0] {
		label = "@" + repository(module) + label
	}
	if target := library(importPath); below == "" || target != path.Base(below) {
		label += ":" + target
	}
	return label
}

// SelectionRule is the Bazel label of the file that has the rule selection_check.
func SelectionRule(modules []string) string {
	return ImportLabel(Orchestrator, modules) + ":selection.bzl"
}

// repository is the name of a module's repository: its host backwards, then the rest.
func repository(module string) string {
	host, rest, _ := strings.Cut(module, "/")
	parts := strings.Split(host, ".")
	slices.Reverse(parts)
	if rest != "" {
		parts = append(parts, rest)
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(strings.Join(parts, "_")))
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// unversioned is the last element of an import path that is no major version.
func unversioned(importPath string) string {
	dir, name := path.Split(importPath)
	if dir != "" && majorVersion.MatchString(name) {
		return path.Base(dir)
	}
	return name
}

// library is the name of a package's go_library.
func library(importPath string) string { return strings.ReplaceAll(unversioned(importPath), ".", "_") }
