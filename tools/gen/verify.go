package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/verify"
)

// verify compares a manifest with its inputs, which are all named.
func (g *gen) verify(flags *flag.FlagSet, args []string) error {
	args, sources, err := cutSources(args)
	if err != nil {
		return err
	}
	in := verify.Input{}
	flags.StringVar(&in.Variant, "variant", "", "")
	flags.StringVar(&in.ConfigName, "config", "", "")
	manifestName := flags.String("manifest", "", "")
	programName := flags.String("program", "", "")
	out := flags.String("out", "", "")
	if _, err := parse(flags, args); err != nil {
		return err
	}
	if slices.Contains([]string{in.Variant, in.ConfigName, *manifestName, *programName, *out}, "") {
		fmt.Fprintln(g.stderr, "gen verify: a flag is missing")
		flags.Usage()
		return errUsage
	}
	in.Sources = sources
	if in.Config, err = config.Read(in.ConfigName); err != nil {
		return err
	}
	for name, text := range map[string]*[]byte{*manifestName: &in.Manifest, *programName: &in.Program} {
		if *text, err = os.ReadFile(name); err != nil {
			return err
		}
	}
	differences, err := verify.Differences(in)
	_, problems := errors.AsType[config.Problems](err)
	switch {
	case err != nil && !problems:
		return err
	case err == nil && len(differences) == 0:
		return os.WriteFile(*out, in.Manifest, 0o644)
	}
	return stale(in, differences, err)
}

// stale is the error of a selection that its inputs have left behind. Problems
// are what is wrong with the inputs themselves.
func stale(in verify.Input, differences []string, problems error) error {
	var text strings.Builder
	fmt.Fprintf(&text, "the selection of variant %s is stale:", in.Variant)
	for _, line := range differences {
		text.WriteString("\n  " + line)
	}
	if problems != nil {
		text.WriteString("\n" + problems.Error())
	}
	return invalidError{fmt.Errorf("%s\nrun: %s", &text, verify.Mend(in))}
}

// cutSources takes --sources and what follows it, up to the next flag, out of
// args. A name that begins with @ is a file of names.
func cutSources(args []string) (rest, sources []string, err error) {
	from := slices.IndexFunc(args, func(a string) bool { return a == "--sources" || a == "-sources" })
	if from < 0 {
		return args, nil, nil
	}
	to := from + 1
	for ; to < len(args) && !strings.HasPrefix(args[to], "-"); to++ {
		file, list := strings.CutPrefix(args[to], "@")
		if !list {
			sources = append(sources, file)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, lines(string(text))...)
	}
	return slices.Concat(args[:from], args[to:]), sources, nil
}

// lines are the lines of a text that have something on them.
func lines(text string) []string {
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	return slices.DeleteFunc(all, func(line string) bool { return strings.TrimSpace(line) == "" })
}
