package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Apply makes the disk right. Every new file is first written whole beside its
// place, and only when all are there they take their places one by one. So an
// error before that leaves everything as it was, and a reader never sees half a
// file. It returns the changes that were made, also beside an error.
func (t Tree) Apply(changes []Change) (done []Change, err error) {
	var staged []stagedFile
	defer func() {
		for _, s := range staged {
			_ = os.Remove(s.temporary) // those that took their places are gone
		}
	}()
	for _, c := range changes {
		if c.New == nil {
			continue
		}
		name, err := stage(t.at(c.Path), c.New)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", c.Path, err)
		}
		staged = append(staged, stagedFile{temporary: name, change: c})
	}
	for _, s := range staged {
		if err := os.Rename(s.temporary, t.at(s.change.Path)); err != nil {
			return done, err
		}
		done = append(done, s.change)
	}
	removed, err := t.removeOrphans(changes)
	done = append(done, removed...)
	slices.SortFunc(done, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return done, err
}

// stagedFile is a new file before it has its place.
type stagedFile struct {
	temporary string
	change    Change
}

// stage writes data beside a file's place, with the mode of the file that is
// there, and returns the name.
func stage(place string, data []byte) (string, error) {
	mode := fs.FileMode(0o644)
	if info, err := os.Lstat(place); err == nil && info.Mode().IsRegular() {
		mode = info.Mode().Perm()
	}
	dir := filepath.Dir(place)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// removeOrphans removes orphans, and the folders that become empty. One that
// cannot be removed keeps no other from going.
func (t Tree) removeOrphans(changes []Change) (done []Change, err error) {
	for _, c := range changes {
		if c.New != nil {
			continue
		}
		if failed := os.Remove(t.at(c.Path)); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
			continue
		}
		done = append(done, c)
		dir := t.at(path.Dir(c.Path))
		if left, failed := os.ReadDir(dir); failed == nil && len(left) == 0 {
			err = errors.Join(err, os.Remove(dir))
		}
	}
	return done, err
}
