package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
)

// command is one word behind gen.
type command struct {
	// name, args and summary are what lists of commands show, and text the rest.
	name, args, summary, text string

	run func(g *gen, flags *flag.FlagSet, args []string) error
	// placeless commands take no --root and --config.
	placeless bool
}

// commands are all there are, in the order in which they are listed.
func commands() []command {
	return []command{
		{
			name: "generate", run: (*gen).generate,
			summary: "write the programs of all variants (the default)",
			text: "Writes orchestrator/cmd/<variant>/ and orchestrator/variants.bzl: only what changed,\n" +
				"and nothing at all when config.yml or the sources are wrong, or when somebody has\n" +
				"changed a generated file: keep what you need of it and remove it.\n",
		},
		{
			name: "check", run: (*gen).check,
			summary: "tell whether generated files are what they should be",
			text: "Says of each file that is not: missing, out of date, edited by hand or orphan, with a\n" +
				"short diff. Writes nothing. Exits 3 when there is such a file.\n",
		},
		{
			name: "list", run: (*gen).list,
			summary: "show which variant has what",
			text:    "Shows services, plugins and transports by variant: yes, remote, or - for not there.\n",
		},
		{
			name: "graph", run: (*gen).graph, args: "[--variant V] [--format F]",
			summary: "show which service uses which, and where",
			text: "  --variant V   only the services of this variant\n" +
				"  --format F    text (the default), dot, mermaid or json\n",
		},
		{
			name: "why", run: (*gen).why, args: "SERVICE [--variant V]",
			summary: "say why a service is in a variant, or is not",
			text:    "  --variant V   only this variant\n",
		},
		{
			name: "deps", run: (*gen).deps, args: "[--check]",
			summary: "write what packages each variant links",
			text: "Writes orchestrator/cmd/<variant>/deps.txt: the packages that are not of the standard\n" +
				"library, for linux/amd64 without cgo. Runs the go command. The programs must be right.\n" +
				"  --check       write nothing; exit 3 when a file is not what it should be\n",
		},
		{
			name: "inspect", run: (*gen).inspect, args: "BINARY", placeless: true,
			summary: "print the manifest of a program without running it",
			text:    "Prints JSON, for a program of any platform.\n",
		},
		{
			name: "verify", run: (*gen).verify, placeless: true,
			args:    "--variant V --config F --manifest F --program F --sources FILE... --out STAMP",
			summary: "check a selection without a source tree (for Bazel)",
			text: "Compares what config.yml asks for, and what the given sources use, with the manifest.\n" +
				"  --program F   the generated services_gen.go\n" +
				"  --sources     the Go files of the linked services, contracts and plugins;\n" +
				"                @FILE names a file that lists them, one a line\n" +
				"  --out STAMP   a file that is written when all is right\n",
		},
	}
}

// find returns the command of a name.
func find(name string) (command, bool) {
	all := commands()
	at := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if at < 0 {
		return command{}, false
	}
	return all[at], true
}

const exitText = `
exit codes:
  0  all is right
  1  config.yml or the sources are wrong; nothing was written
  2  the command line, or the file system
  3  check: generated files are not what they should be
`

const placeText = `  --root DIR    the tree with services/; default: the nearest config.yml upward
  --config FILE its configuration; default: config.yml in the root
`

// usage is the help of gen itself.
func usage() string {
	var text strings.Builder
	text.WriteString("gen makes programs of the services that config.yml selects.\n\nusage: gen [COMMAND] [--root DIR] [--config FILE]\n\ncommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(&text, "  %-9s %s\n", c.name, c.summary)
	}
	text.WriteString("\nflags:\n" + placeText + exitText + "\ngen help COMMAND says more.\n")
	return text.String()
}

// usage is the help of one command.
func (c command) usage() string {
	text := fmt.Sprintf("gen %s: %s\n\nusage: gen %s", c.name, c.summary, c.name)
	if c.args != "" {
		text += " " + c.args
	}
	if !c.placeless {
		text += " [--root DIR] [--config FILE]"
	}
	text += "\n\n" + c.text
	if !c.placeless {
		text += placeText
	}
	return text
}

// help prints the help of gen, or of the command named.
func (g *gen) help(args []string) int {
	if len(args) == 0 || isHelp(args[0]) {
		fmt.Fprint(g.stdout, usage())
		return exitOK
	}
	c, known := find(args[0])
	if !known {
		return g.unknownCommand(args[0])
	}
	fmt.Fprint(g.stdout, c.usage())
	return exitOK
}

func (g *gen) unknownCommand(name string) int {
	fmt.Fprintf(g.stderr, "gen: there is no command %s\n%s", name, usage())
	return exitUsage
}
