// Package output compares generated files with those on disk, and puts the ones
// that differ there: whole or not at all, and no others.
package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
)

// State says how a file on disk differs from what it should be.
type State string

// The states of a file that is not right.
const (
	Missing State = "missing"
	Stale   State = "out of date"
	Edited  State = "edited by hand"
	Orphan  State = "orphan"
)

// Change is one file that is not right. Path is relative to the root, Old what
// is on disk and New what belongs there; an orphan has no New.
type Change struct {
	Path     string
	State    State
	Old, New []byte
}

// Tree is the disk below one root.
type Tree struct {
	// Dir is the root's folder.
	Dir string
	// Shown is a path of the tree as the user sees it.
	Shown func(name string) string
}

// temporary begins the names of files that are being written.
const temporary = ".gen-"

// Plan compares files with the disk. It returns what is not right, by path, and
// problems for files that stand in the way and were not written by gen. The
// error is one of the file system.
func (t Tree) Plan(files []render.File) ([]Change, config.Problems, error) {
	var changes []Change
	var problems config.Problems
	for _, f := range files {
		change, problem, err := t.Compare(f)
		switch {
		case err != nil:
			return nil, nil, err
		case problem != nil:
			problems = append(problems, *problem)
		case change != nil:
			changes = append(changes, *change)
		}
	}
	orphans, more, err := t.orphans(files)
	if err != nil {
		return nil, nil, err
	}
	changes = append(changes, orphans...)
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return changes, append(problems, more...), nil
}

// Compare looks at the place of one file. Both results are nil when it is right;
// the problem is a file that gen did not write.
func (t Tree) Compare(f render.File) (*Change, *config.Problem, error) {
	old, err := os.ReadFile(t.at(f.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Change{Path: f.Path, State: Missing, New: f.Data}, nil, nil
	case err != nil:
		return nil, nil, err
	case bytes.Equal(old, f.Data):
		return nil, nil, nil
	case isForeign(path.Base(f.Path), old):
		problem := t.foreign(f.Path)
		return nil, &problem, nil
	}
	change := &Change{Path: f.Path, State: Edited, Old: old, New: f.Data}
	if render.Intact(old) {
		change.State = Stale
	}
	return change, nil, nil
}

// isForeign tells a file that somebody wrote from a generated one, also a
// damaged one: without content nothing is lost, and a manifest is always gen's.
func isForeign(name string, data []byte) bool {
	return name != layout.ManifestFile && len(bytes.TrimSpace(data)) > 0 && !render.Generated(data)
}

func (t Tree) at(name string) string { return filepath.Join(t.Dir, filepath.FromSlash(name)) }

func (t Tree) foreign(name string) config.Problem {
	return config.Problem{
		Path: t.Shown(name), Code: "foreign-file",
		Message: "gen did not write this file, and it stands where generated files belong",
		Help:    "move it to a folder of its own, or remove it; " + "then run: " + layout.Regenerate,
	}
}

// orphans finds generated files that no variant has any more.
func (t Tree) orphans(files []render.File) ([]Change, config.Problems, error) {
	wanted := make(map[string]bool)
	variants := make(map[string]bool)
	for _, f := range files {
		wanted[f.Path] = true
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
		f, err := t.read(dir, wanted)
		if err != nil {
			return nil, nil, err
		}
		orphans, foreign := f.leftovers(dir, variants[dir])
		changes = append(changes, orphans...)
		for _, name := range foreign {
			problems = append(problems, t.foreign(name))
		}
	}
	return changes, problems, nil
}

// folder is what a folder has besides the files that belong there.
type folder struct {
	ours   []Change
	others []string
}

func (t Tree) read(dir string, wanted map[string]bool) (folder, error) {
	entries, err := os.ReadDir(t.at(dir))
	if err != nil {
		return folder{}, err
	}
	var f folder
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if wanted[name] {
			continue
		}
		if !e.Type().IsRegular() {
			f.others = append(f.others, name)
			continue
		}
		if strings.HasPrefix(e.Name(), temporary) {
			if abandoned(e) {
				f.ours = append(f.ours, Change{Path: name, State: Orphan})
			}
			continue
		}
		data, err := os.ReadFile(t.at(name))
		if err != nil {
			return folder{}, fmt.Errorf("look for orphans: %w", err)
		}
		if render.Generated(data) {
			f.ours = append(f.ours, Change{Path: name, State: Orphan, Old: data})
			continue
		}
		f.others = append(f.others, name)
	}
	return f, nil
}

// abandoned tells whether a temporary file was left by a run that was killed,
// and is not being written by one that goes on beside this one.
func abandoned(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && time.Since(info.ModTime()) > time.Minute
}

// leftovers says which files of a folder are orphans, and which are in the way.
// In a variant's folder only a Go file that would be linked is, since it would
// change what the program is made of; its tests and its deps.txt belong there.
func (f folder) leftovers(dir string, variant bool) (orphans []Change, foreign []string) {
	if !variant {
		if len(f.ours) == 0 {
			return nil, nil
		}
		return f.ours, f.others
	}
	for _, c := range f.ours {
		if c.Path != path.Join(dir, layout.DepsFile) && !strings.HasSuffix(c.Path, "_test.go") {
			orphans = append(orphans, c)
		}
	}
	for _, name := range f.others {
		if strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			foreign = append(foreign, name)
		}
	}
	return orphans, foreign
}
