package render

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"path"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// Program returns the files of one variant, by path.
// Modules are this module and those that its go.mod requires.
func Program(root layout.Root, modules []string, s resolve.Selection) ([]File, error) {
	main, err := mainFile(s)
	if err != nil {
		return nil, err
	}
	services, err := servicesFile(root, s)
	if err != nil {
		return nil, err
	}
	record, err := sealManifest(Manifest(root, s))
	if err != nil {
		return nil, err
	}
	dir := layout.VariantDir(s.Variant.Name)
	return []File{
		{path.Join(dir, layout.BuildFile), buildFile(root, modules, s)},
		{path.Join(dir, layout.MainFile), main},
		{path.Join(dir, layout.ManifestFile), record},
		{path.Join(dir, layout.ServicesFile), services},
	}, nil
}

// goFile formats and seals the text of a Go file behind its header.
func goFile(text string) ([]byte, error) {
	data, err := format.Source([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("a generated file is not Go, which is a mistake of gen: %w\n%s", err, text)
	}
	// A line between them keeps the header out of the package's documentation.
	return Seal("//", append([]byte("\n"), data...)), nil
}

const mainText = `
// Command %s runs %s in one process.
package main

import (
	"os"

	%q
)

func main() {
	os.Exit(orchestrator.Main(orchestrator.Binary{
		Manifest:   manifest,
		Services:   services,
		Plugins:    plugins,
		Transports: transports,
	}))
}
`

func mainFile(s resolve.Selection) ([]byte, error) {
	names := s.Names()
	what := fmt.Sprintf("%d services", len(names))
	if len(names) <= 8 {
		what = enumerate(names)
	}
	return goFile(fmt.Sprintf(mainText, s.Variant.Name, what, layout.Orchestrator))
}

// enumerate joins names as a sentence does.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func servicesFile(root layout.Root, s resolve.Selection) ([]byte, error) {
	names := newAliases(s.Transports)
	modules := make(map[string]string)
	for _, service := range byName(s.Services) {
		modules[service.Name] = names.add(service.Name, service.Package, service.Import, "service") + ".Module"
	}
	var plugins, transports, services []string
	for _, p := range s.Plugins {
		importPath := pluginImport(root, p)
		plugins = append(plugins, names.add(p.Code, p.Package, importPath, "plugin")+".Plugin")
	}
	for _, service := range s.Services {
		services = append(services, modules[service.Name])
	}
	for _, t := range s.Transports {
		transports = append(transports, t.Package()+".Transport")
	}
	var text bytes.Buffer
	text.WriteString("\npackage main\n\nimport (\n_ \"embed\"\n\n")
	for _, i := range names.sorted() {
		text.WriteString(i.spec() + "\n")
	}
	text.WriteString(")\n")
	list(&text, "services are what config.yml selects, in the order they start.", "services", "Services", services)
	list(&text, "plugins are the providers that serve them.", "plugins", "Plugins", plugins)
	list(&text, "transports are what can carry their calls.", "transports", "Transports", transports)
	text.WriteString("\n// manifest says what this program is made of, and why.\n//\n//go:embed " + layout.ManifestFile + "\nvar manifest []byte\n")
	return goFile(text.String())
}

// pluginImport is the import path of a plugin's package.
func pluginImport(root layout.Root, p scan.Plugin) string {
	return cmp.Or(p.External, root.ImportPath(layout.PluginDir(p.Code)))
}

// list declares a variable with one value a line.
func list(text *bytes.Buffer, doc, name, constructor string, values []string) {
	fmt.Fprintf(text, "\n// %s\nvar %s = orchestrator.%s(", doc, name, constructor)
	for _, value := range values {
		text.WriteString("\n" + value + ",")
	}
	if len(values) > 0 {
		text.WriteString("\n")
	}
	text.WriteString(")\n")
}
