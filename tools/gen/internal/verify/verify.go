// Package verify compares the record of a selection with what it was made from,
// given only config.yml and the sources of what is linked: what a build system
// has at hand that knows its inputs and lets nobody walk the tree.
package verify

import (
	"fmt"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Input is what is compared.
type Input struct {
	Variant string
	// ConfigName is the path of config.yml from the workspace, and Config its text.
	ConfigName string
	Config     []byte
	// Manifest is the text of the generated manifest.json, Program of services_gen.go.
	Manifest, Program []byte
	// Sources are paths, from the workspace, of the Go files of what is linked.
	Sources []string
}

// Differences returns one sentence for each thing that the manifest says and
// its inputs do not, or the other way round. The error is config.Problems where
// the inputs are wrong in themselves.
func Differences(in Input) ([]string, error) {
	file, err := config.Parse(in.ConfigName, in.Config)
	if err != nil {
		return nil, err
	}
	variants, err := file.Variants()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(variants, func(v config.Variant) bool { return v.Name == in.Variant })
	if at < 0 {
		return []string{fmt.Sprintf("%s has no variant %s", in.ConfigName, in.Variant)}, nil
	}
	m, unread := manifest.Parse(in.Manifest)
	if unread != nil {
		return []string{unread.Error()}, nil
	}
	lines := manifest.Diff(m, variants[at].Selection())
	for name, data := range map[string][]byte{layout.ManifestFile: in.Manifest, layout.ServicesFile: in.Program} {
		if !render.Intact(data) {
			lines = append(lines, name+" was edited by hand")
		}
	}
	slices.Sort(lines)
	lines = append(lines, programLines(m, in.Program)...)
	more, err := sourceLines(m, file.Externals(), in)
	return append(lines, more...), err
}

// Mend is the command that makes the selection right again.
func Mend(in Input) string {
	m, _ := manifest.Parse(in.Manifest) // what cannot be read is among the differences
	return m.Mend()
}

// programLines compares what the program imports with what the manifest lists.
func programLines(m manifest.Manifest, program []byte) []string {
	syntax, err := parser.ParseFile(token.NewFileSet(), layout.ServicesFile, program, parser.ImportsOnly)
	if err != nil {
		return []string{err.Error()}
	}
	recorded := []string{"embed", layout.Orchestrator}
	for _, s := range m.Services {
		recorded = append(recorded, s.Import)
	}
	for _, p := range m.Plugins {
		recorded = append(recorded, p.Import)
	}
	for _, t := range layout.Transports() {
		if slices.Contains(m.Transports, t.Name) {
			recorded = append(recorded, t.Import())
		}
	}
	var linked []string
	for _, spec := range syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			linked = append(linked, name)
		}
	}
	return compare(linked, recorded, layout.ServicesFile+" imports %s, and "+layout.ManifestFile+" has it not",
		layout.ManifestFile+" has %s, and "+layout.ServicesFile+" does not import it")
}

// compare says what only one of two lists has.
func compare(a, b []string, onlyA, onlyB string) []string {
	var lines []string
	for _, name := range a {
		if !slices.Contains(b, name) {
			lines = append(lines, fmt.Sprintf(onlyA, name))
		}
	}
	for _, name := range b {
		if !slices.Contains(a, name) {
			lines = append(lines, fmt.Sprintf(onlyB, name))
		}
	}
	return lines
}

// sourceLines compares what the sources use with the edges of the manifest.
func sourceLines(m manifest.Manifest, externals []config.External, in Input) ([]string, error) {
	root, ok := rootOf(m, in.ConfigName)
	if !ok {
		return nil, nil
	}
	shown := func(name string) string { return path.Join(root.Package, name) }
	scanner := scan.New(newListed(root.Package, in.Sources), root, shown)
	scanner.Some()
	for _, e := range externals {
		scanner.External(e)
	}
	uses, err := scanner.Uses(m.ServiceNames())
	if err != nil {
		return nil, err
	}
	if problems := config.Problems(uses.Problems); len(problems) > 0 {
		return nil, problems.Err()
	}
	found := graph.New(uses.Edges)
	var lines []string
	for _, s := range m.Services {
		for _, use := range recorded(s) {
			lines = append(lines, use.differences(s.Name, found.From(s.Name, use.kind), uses.Partial[s.Name])...)
		}
	}
	more, err := pluginLines(scanner, m)
	return append(lines, more...), err
}

// use is what a manifest records of a service: whom it uses in the way of kind, in words.
type use struct {
	kind graph.Kind
	verb string
	of   []string
}

// recorded are all uses that a manifest has of a service. Of a contract whose source
// was not given it is not known how it is used, so any way will do.
func recorded(s manifest.Service) []use {
	return []use{
		{graph.Calls, "calls", s.Calls}, {graph.Optional, "optionally calls", s.Optional},
		{graph.Listens, "listens to", s.Listens}, {graph.Types, "only uses types of", s.Types},
		{graph.Unread, "uses the contract of", slices.Concat(s.Calls, s.Optional, s.Listens, s.Types)},
	}
}

// differences compares a use with the edges of its kind. Of a service whose sources
// are not all there, only edges that the manifest has not are reported.
func (u use) differences(name string, found []graph.Edge, partial bool) []string {
	var lines []string
	for _, e := range found {
		if !slices.Contains(u.of, e.To) {
			lines = append(lines, fmt.Sprintf("%s: %s now %s %s", e.Witness, name, u.verb, e.To))
		}
	}
	for _, to := range u.of {
		is := func(e graph.Edge) bool { return e.To == to }
		if !partial && u.kind != graph.Unread && !slices.ContainsFunc(found, is) {
			lines = append(lines, fmt.Sprintf("%s no longer %s %s", name, u.verb, to))
		}
	}
	return lines
}

// pluginLines compares the domains that the linked plugins' sources say.
func pluginLines(scanner *scan.Scanner, m manifest.Manifest) ([]string, error) {
	plugins, err := scanner.Plugins()
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, p := range plugins {
		if len(p.Crossings) > 0 {
			return nil, config.Problems(p.Crossings)
		}
		at := slices.IndexFunc(m.Plugins, func(have manifest.Plugin) bool { return have.Code == p.Code })
		if at >= 0 && p.Found && len(p.Problems) == 0 && !slices.Equal(p.Domains, m.Plugins[at].Domains) {
			lines = append(lines, fmt.Sprintf("plugin %s now serves %s", p.Code, strings.Join(p.Domains, ", ")))
		}
	}
	return lines, nil
}

// rootOf derives the tree from where its config.yml and its services are.
func rootOf(m manifest.Manifest, configName string) (layout.Root, bool) {
	pkg := path.Dir(filepath.ToSlash(filepath.Clean(configName)))
	for _, s := range m.Services {
		importPath, ok := strings.CutSuffix(s.Import, "/"+layout.ServiceDir(s.Name))
		if _, external := m.Selection.External[s.Name]; external || !ok {
			continue
		}
		module := importPath
		if pkg != "." {
			if module, ok = strings.CutSuffix(importPath, "/"+pkg); !ok {
				continue
			}
		}
		return layout.NewRoot(module, pkg), true
	}
	return layout.Root{}, false
}
