// Package output compares generated files with those on disk, and puts the ones
// that differ there: whole or not at all, and no others. It overwrites and removes
// what gen wrote, and nothing that anybody else did.
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
// is on disk and New what belongs there; where no file belongs there is no New.
type Change struct {
	Path     string
	State    State
	Old, New []byte
	// Lossy says that Old has text that gen did not write, and that would be lost.
	Lossy bool
}

// Tree is the disk below one root.
type Tree struct {
	// Dir is the root's folder.
	Dir string
	// Shown is a path of the tree as the user sees it.
	Shown func(name string) string
	// Mend is the command that makes the files right, for messages.
	Mend string
}

// Plan compares files with the disk. It returns what is not right, by path, and
// problems for what stands in the way and is not gen's. The error is one of the
// file system.
func (t Tree) Plan(files []render.File) ([]Change, config.Problems, error) {
	changes, problems, err := t.CompareAll(files)
	if err != nil {
		return nil, nil, err
	}
	orphans, more, err := t.orphans(files)
	if err != nil {
		return nil, nil, err
	}
	changes = append(changes, orphans...)
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return changes, append(problems, more...), nil
}

// CompareAll is Compare for several files, of which it returns those that are not right.
func (t Tree) CompareAll(files []render.File) (changes []Change, problems config.Problems, err error) {
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
	return changes, problems, nil
}

// Compare looks at the place of one file. Both results are nil when it is right;
// the problem is something that gen did not write.
func (t Tree) Compare(f render.File) (*Change, *config.Problem, error) {
	if problem, err := t.obstacle(f.Path); problem != nil || err != nil {
		return nil, problem, err
	}
	old, err := os.ReadFile(t.at(f.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Change{Path: f.Path, State: Missing, New: f.Data}, nil, nil
	case err != nil:
		return nil, nil, err
	case bytes.Equal(old, f.Data):
		return nil, nil, nil
	}
	change := &Change{Path: f.Path, State: Edited, Old: old, New: f.Data}
	switch {
	case render.Intact(old):
		change.State = Stale
	case harmless(old, f.Data):
	case render.Generated(old):
		change.Lossy = true
	default:
		problem := t.foreign(f.Path)
		return nil, &problem, nil
	}
	return change, nil, nil
}

func (t Tree) at(name string) string { return filepath.Join(t.Dir, filepath.FromSlash(name)) }

// obstacle is what stands on the way to a file where folders should be, or in its
// place where a file should be. A link might lead out of the tree, so none is followed.
func (t Tree) obstacle(name string) (*config.Problem, error) {
	elements := strings.Split(name, "/")
	for i := range elements {
		part := path.Join(elements[:i+1]...)
		info, err := os.Lstat(t.at(part))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, err
		}
		want := "folder"
		fits := info.IsDir()
		if i == len(elements)-1 {
			want, fits = "file", info.Mode().IsRegular()
		}
		if !fits {
			return &config.Problem{
				Path: t.Shown(part), Code: "foreign-file",
				Message: fmt.Sprintf("this is not a %s, where generated files belong", want),
				Help:    "gen writes through no links; remove it, then run: " + t.Mend,
			}, nil
		}
	}
	return nil, nil
}

func (t Tree) foreign(name string) config.Problem {
	return config.Problem{
		Path: t.Shown(name), Code: "foreign-file",
		Message: "gen did not write this file, and it stands where generated files belong",
		Help:    "move it to a folder of its own, or remove it; then run: " + t.Mend,
	}
}

// Refused are the problems of changes that would destroy what somebody wrote into
// a generated file; with any of them no change is to be applied.
func (t Tree) Refused(changes []Change) config.Problems {
	var problems config.Problems
	for _, c := range changes {
		if !c.Lossy {
			continue
		}
		p := config.Problem{
			Path: t.Shown(c.Path), Code: "edited-file",
			Message: "gen wrote this file, and somebody has changed it since; the change would be lost",
			Help:    "keep what you need of it elsewhere and remove the file; then run: " + t.Mend,
		}
		if c.New == nil {
			p.Help = "is this a program of your own? then take the line \"" + layout.Header + "\" out of it, and remove the other generated files beside it\n" +
				"else remove the file; then run: " + t.Mend
		}
		problems = append(problems, p)
	}
	return problems
}
