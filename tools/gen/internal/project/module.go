package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// findModule sets ModuleDir and Module.
func (p *Place) findModule() error {
	for dir := p.Dir; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, "go.mod")
		text, err := os.ReadFile(name)
		switch {
		case err == nil:
			p.ModuleDir = dir
			if p.Modules = modulePaths(string(text)); len(p.Modules) == 0 {
				return fmt.Errorf("%s has no module line", name)
			}
			p.Module = p.Modules[0]
			return nil
		case !errors.Is(err, fs.ErrNotExist):
			return err
		case dir == filepath.Dir(dir):
			return fmt.Errorf("there is no go.mod in %s or above it: %s belongs into a Go module", p.Dir, layout.ConfigFile)
		}
	}
}

// addWorkspace adds the modules of the go.work that the module is in, if there is
// one: the go command builds with them, whatever go.mod requires.
func (p *Place) addWorkspace(gowork string) error {
	name, text, err := p.workspace(gowork)
	if err != nil || text == nil {
		return err
	}
	var modules []string
	within := false
	for _, use := range arguments(string(text), "use") {
		dir := filepath.FromSlash(use[0])
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(name), dir)
		}
		within = within || dir == p.ModuleDir
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil {
			return fmt.Errorf("%s uses %s: %w", name, use[0], err)
		}
		if paths := modulePaths(string(text)); len(paths) > 0 {
			modules = append(modules, paths[0])
		}
	}
	if within {
		p.Modules = append(p.Modules, modules...)
	}
	return nil
}

// workspace reads the go.work that GOWORK names, or the nearest one upward.
func (p *Place) workspace(gowork string) (name string, text []byte, err error) {
	switch gowork {
	case "off":
		return "", nil, nil
	case "":
	default:
		text, err = os.ReadFile(gowork)
		return gowork, text, err
	}
	for dir := p.ModuleDir; ; dir = filepath.Dir(dir) {
		name = filepath.Join(dir, "go.work")
		text, err = os.ReadFile(name)
		switch {
		case err == nil:
			return name, text, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", nil, err
		case dir == filepath.Dir(dir):
			return "", nil, nil
		}
	}
}

// modulePaths reads the module line of a go.mod, and then what it requires.
func modulePaths(text string) []string {
	module := arguments(text, "module")
	if len(module) == 0 {
		return nil
	}
	paths := []string{module[0][0]}
	for _, required := range arguments(text, "require") {
		paths = append(paths, required[0])
	}
	return paths
}

// arguments are the words behind a directive of a go.mod or go.work, by line, also
// where it stands once for a block.
func arguments(text, directive string) [][]string {
	var found [][]string
	block := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		opened, opens := strings.CutSuffix(strings.TrimSpace(line), "(")
		words := strings.Fields(opened)
		switch {
		case opens && len(words) == 1:
			block = words[0]
			continue
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		if words[0] == directive && len(words) > 1 {
			for i, word := range words {
				words[i] = unquoted(word)
			}
			found = append(found, words[1:])
		}
	}
	return found
}

func unquoted(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return text
}
