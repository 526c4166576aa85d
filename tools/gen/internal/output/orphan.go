package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
)

// temporary begins the names of files that are being written; a number follows.
const temporary = ".gen-"

var temporaryName = regexp.MustCompile(`^` + regexp.QuoteMeta(temporary) + `[0-9]+$`)

// orphans finds generated files that no variant has any more.
func (t Tree) orphans(files []render.File) ([]Change, config.Problems, error) {
	variants := make(map[string]bool)
	for _, f := range files {
		variants[path.Dir(f.Path)] = true
	}
	entries, err := os.ReadDir(t.at(layout.CommandDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	var changes []Change
	var problems config.Problems
	for _, e := range entries {
		dir := path.Join(layout.CommandDir, e.Name())
		if !e.IsDir() {
			continue
		}
		orphans, foreign, err := t.leftovers(dir, variants[dir])
		if err != nil {
			return nil, nil, fmt.Errorf("look for orphans: %w", err)
		}
		changes = append(changes, orphans...)
		for _, name := range foreign {
			problems = append(problems, t.foreign(name))
		}
	}
	return changes, problems, nil
}

// leftovers says what of a folder is to go, and what is in the way.
func (t Tree) leftovers(dir string, variant bool) (orphans []Change, foreign []string, err error) {
	entries, err := os.ReadDir(t.at(dir))
	if err != nil {
		return nil, nil, err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		if !temporaryName.MatchString(e.Name()) {
			return false
		}
		if abandoned(e) {
			orphans = append(orphans, Change{Path: path.Join(dir, e.Name()), State: Orphan})
		}
		return true
	})
	if variant {
		return orphans, linkedBeside(dir, entries), nil
	}
	ours, others, err := t.sort(dir, entries)
	if len(ours) == 0 {
		return orphans, nil, err
	}
	return append(orphans, ours...), others, err
}

// linkedBeside are the Go files of a variant's folder that gen did not write and
// that would be linked, since they would change what the program is made of. Its
// tests, its deps.txt and whatever else somebody put there may stay.
func linkedBeside(dir string, entries []fs.DirEntry) []string {
	var found []string
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !slices.Contains(layout.VariantFiles(), name) {
			found = append(found, path.Join(dir, name))
		}
	}
	return found
}

// sort takes apart what a folder of no variant has: the files that gen wrote, also
// those that were changed since, and all others. What has not one of the names
// that gen gives is not gen's, whatever it says of itself.
func (t Tree) sort(dir string, entries []fs.DirEntry) (ours []Change, others []string, err error) {
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if !e.Type().IsRegular() || !slices.Contains(layout.VariantFiles(), e.Name()) {
			others = append(others, name)
			continue
		}
		data, err := os.ReadFile(t.at(name))
		if err != nil {
			return nil, nil, err
		}
		switch {
		case render.Intact(data):
			ours = append(ours, Change{Path: name, State: Orphan, Old: data})
		case render.Generated(data):
			ours = append(ours, Change{Path: name, State: Edited, Old: data, Lossy: true})
		default:
			others = append(others, name)
		}
	}
	return ours, others, nil
}

// abandoned tells whether a temporary file was left by a run that was killed,
// and is not being written by one that goes on beside this one.
func abandoned(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > time.Minute
}
