package main

import (
	"errors"
	"flag"
	"path/filepath"

	"github.com/shopanaio/orchestrator/config/manifest"
)

// inspect prints the manifest that is inside a program.
func (g *gen) inspect(flags *flag.FlagSet, args []string) error {
	files, err := parse(flags, args, "BINARY")
	if err != nil {
		return err
	}
	name := files[0]
	if !filepath.IsAbs(name) {
		name = filepath.Join(g.dir, name)
	}
	m, err := manifest.FromBinary(name)
	if errors.Is(err, manifest.ErrNotFound) {
		return invalidError{err}
	}
	if err != nil {
		return err
	}
	text, err := manifest.Marshal(m)
	if err != nil {
		return err
	}
	_, err = g.stdout.Write(text)
	return err
}
