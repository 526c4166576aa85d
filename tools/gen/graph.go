package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"

	"github.com/shopanaio/orchestrator/tools/gen/internal/graph"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/project"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

// formats write a graph.
var formats = map[string]func(w io.Writer, names []string, edges []graph.Edge) error{
	"text": graphText, "dot": graphDot, "mermaid": graphMermaid, "json": graphJSON,
}

// graph shows the edges between services.
func (g *gen) graph(flags *flag.FlagSet, args []string) error {
	variant := flags.String("variant", "", "")
	format := flags.String("format", "text", "")
	if _, err := parse(flags, args); err != nil {
		return err
	}
	write := formats[*format]
	if write == nil {
		fmt.Fprintf(g.stderr, "gen graph: there is no format %s; formats: dot, json, mermaid, text\n", *format)
		return errUsage
	}
	_, loaded, err := g.load(project.Everything)
	if err != nil {
		return err
	}
	names, edges := loaded.ServiceNames(), loaded.Graph.Edges()
	if *variant != "" {
		selection, err := loaded.Find(*variant)
		if err != nil {
			return invalidError{err}
		}
		names = selection.Names()
		edges = slices.DeleteFunc(edges, func(e graph.Edge) bool { return !slices.Contains(names, e.From) })
	}
	return write(g.stdout, names, edges)
}

// graphText writes one edge a line, in a form that terminals make links of.
func graphText(w io.Writer, _ []string, edges []graph.Edge) error {
	for _, e := range edges {
		if _, err := fmt.Fprintln(w, resolve.Explain(e)); err != nil {
			return err
		}
	}
	return nil
}

// styles are how dot draws the kinds that are not a plain arrow.
var styles = map[graph.Kind]string{
	graph.Calls: "solid", graph.Optional: "dashed", graph.Listens: "dotted", graph.Types: "dotted",
}

func graphDot(w io.Writer, names []string, edges []graph.Edge) error {
	fmt.Fprintln(w, "digraph services {")
	for _, name := range names {
		fmt.Fprintf(w, "  %q;\n", name)
	}
	for _, e := range edges {
		fmt.Fprintf(w, "  %q -> %q [label=%q, style=%s];\n", e.From, e.To, e.Kind, styles[e.Kind])
	}
	_, err := fmt.Fprintln(w, "}")
	return err
}

// arrows are how mermaid draws the kinds.
var arrows = map[graph.Kind]string{
	graph.Calls: "-->", graph.Optional: "-.->", graph.Listens: "-.->", graph.Types: "-.->",
}

func graphMermaid(w io.Writer, names []string, edges []graph.Edge) error {
	fmt.Fprintln(w, "graph LR")
	for _, name := range names {
		fmt.Fprintf(w, "  %s[%q]\n", node(name), name)
	}
	var err error
	for _, e := range edges {
		_, err = fmt.Fprintf(w, "  %s %s|%s| %s\n", node(e.From), arrows[e.Kind], e.Kind, node(e.To))
	}
	return err
}

// node is a name that mermaid takes for no word of its own, such as "end".
func node(name string) string { return "s_" + layout.Ident(name) }

// jsonEdge is an edge in JSON.
type jsonEdge struct {
	From   string     `json:"from"`
	To     string     `json:"to"`
	Kind   graph.Kind `json:"kind"`
	Name   string     `json:"name,omitempty"`
	Path   string     `json:"path"`
	Line   int        `json:"line"`
	Column int        `json:"column"`
	Reason string     `json:"reason,omitempty"`
}

func graphJSON(w io.Writer, names []string, edges []graph.Edge) error {
	all := struct {
		Services []string   `json:"services"`
		Edges    []jsonEdge `json:"edges"`
	}{Services: names, Edges: []jsonEdge{}}
	for _, e := range edges {
		all.Edges = append(all.Edges, jsonEdge{
			From: e.From, To: e.To, Kind: e.Kind, Name: e.Name, Reason: e.Reason,
			Path: e.Witness.Path, Line: e.Witness.Line, Column: e.Witness.Column,
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(all)
}
