package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
	"github.com/shopanaio/orchestrator/tools/gen/internal/scan"
)

// list shows which variant has what.
func (g *gen) list(flags *flag.FlagSet, args []string) error {
	if _, err := parse(flags, args); err != nil {
		return err
	}
	_, loaded, err := g.load(project.Selected)
	if err != nil {
		return err
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row(table, "SERVICE", loaded.Selections, func(s resolve.Selection) string { return s.Variant.Name })
	for _, service := range loaded.Services {
		if service.Module {
			row(table, service.Name, loaded.Selections, serviceCell(service.Name))
		}
	}
	row(table, "PLUGIN", loaded.Selections, empty)
	for _, p := range loaded.Plugins {
		row(table, p.Code, loaded.Selections, func(s resolve.Selection) string {
			return cell(slices.ContainsFunc(s.Plugins, func(o scan.Plugin) bool { return o.Code == p.Code }))
		})
	}
	row(table, "TRANSPORT", loaded.Selections, empty)
	for _, t := range layout.Transports() {
		row(table, t.Name, loaded.Selections, func(s resolve.Selection) string { return cell(slices.Contains(s.Transports, t)) })
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		fmt.Fprintln(g.stdout, strings.TrimRight(line, " \n")) // a heading has cells that are empty
	}
	return nil
}

// serviceCell says what a service is in a variant.
func serviceCell(name string) func(resolve.Selection) string {
	return func(s resolve.Selection) string {
		if slices.Contains(s.Remote, name) {
			return "remote"
		}
		return cell(slices.Contains(s.Names(), name))
	}
}

func cell(there bool) string {
	if there {
		return "yes"
	}
	return "-"
}

func empty(resolve.Selection) string { return "" }

func row(w io.Writer, name string, selections []resolve.Selection, text func(resolve.Selection) string) {
	fmt.Fprint(w, name)
	for _, s := range selections {
		fmt.Fprint(w, "\t", text(s))
	}
	fmt.Fprintln(w)
}
