package render

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

const buildText = `# gazelle:ignore

load("@rules_go//go:def.bzl", "go_binary", "go_library")
load(%[6]q, "selection_check")

go_library(
    name = "%[1]s_lib",
    srcs = [
        "main.go",
        "services_gen.go",
    ],
    embedsrcs = ["manifest.json"],
    importpath = %[2]q,
    visibility = ["//visibility:private"],
    deps = [
%[3]s    ],
)

go_binary(
    name = %[1]q,
    # The check has no output; building the program runs it.
    data = [":%[1]s_selection"],
    embed = [":%[1]s_lib"],
    visibility = ["//visibility:public"],
)

selection_check(
    name = "%[1]s_selection",
    config = %[4]q,
    manifest = "manifest.json",
    program = "services_gen.go",
    variant = %[1]q,
    visibility = ["//visibility:private"],
    deps = [
%[5]s    ],
)
`

// buildFile is the variant's BUILD.bazel: the program, and the check that it is
// what config.yml and the sources ask for.
func buildFile(root layout.Root, modules []string, s resolve.Selection) []byte {
	if len(modules) == 0 {
		modules = []string{root.Module}
	}
	var selected []string
	for _, service := range s.Services {
		selected = append(selected, layout.ImportLabel(service.Import, modules))
	}
	for _, p := range s.Plugins {
		selected = append(selected, layout.ImportLabel(pluginImport(root, p), modules))
	}
	linked := append(slices.Clone(selected), layout.ImportLabel(layout.Orchestrator, modules))
	for _, t := range s.Transports {
		linked = append(linked, layout.ImportLabel(t.Import(), modules))
	}
	name := s.Variant.Name
	text := fmt.Sprintf(buildText, name, root.ImportPath(layout.VariantDir(name)),
		labels(linked), root.ConfigLabel(), labels(selected), layout.SelectionRule(modules))
	return Seal("#", []byte(text))
}

// labels writes Bazel labels sorted, one a line.
func labels(list []string) string {
	slices.Sort(list)
	var text bytes.Buffer
	for _, label := range list {
		fmt.Fprintf(&text, "        %q,\n", label)
	}
	return text.String()
}

// VariantsFile is the .bzl file that gives every variant a short name.
func VariantsFile(root layout.Root, selections []resolve.Selection) File {
	var names []string
	for _, s := range selections {
		names = append(names, s.Variant.Name)
	}
	slices.Sort(names)
	var text bytes.Buffer
	text.WriteString("\"\"\"The variants of config.yml, by name.\"\"\"\n\n")
	text.WriteString("def variants():\n    \"\"\"Declares an alias for each variant, and all_variants for all of them.\"\"\"\n")
	for _, name := range names {
		fmt.Fprintf(&text, "    native.alias(\n        name = %q,\n        actual = %q,\n        visibility = [\"//visibility:public\"],\n    )\n",
			name, root.Label(layout.VariantDir(name)))
	}
	text.WriteString("    native.filegroup(\n        name = \"all_variants\",\n        srcs = [\n")
	for _, name := range names {
		fmt.Fprintf(&text, "            %q,\n", ":"+name)
	}
	text.WriteString("        ],\n        visibility = [\"//visibility:public\"],\n    )\n")
	return File{Path: layout.VariantsFile, Data: Seal("#", text.Bytes())}
}
