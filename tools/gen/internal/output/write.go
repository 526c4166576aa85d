package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Apply makes the disk right. Every new file is first written whole beside its
// place, and only when all are there they take their places one by one. So an
// error before that leaves everything as it was, and a reader never sees half a file.
func (t Tree) Apply(changes []Change) error {
	var staged []stagedFile
	defer func() {
		for _, s := range staged {
			_ = os.Remove(s.temporary) // those that took their places are gone
		}
	}()
	for _, c := range changes {
		if c.State == Orphan {
			continue
		}
		name, err := stage(t.at(c.Path), c.New)
		if err != nil {
			return fmt.Errorf("write %s: %w", c.Path, err)
		}
		staged = append(staged, stagedFile{temporary: name, place: t.at(c.Path)})
	}
	for _, s := range staged {
		if err := os.Rename(s.temporary, s.place); err != nil {
			return err
		}
	}
	return t.removeOrphans(changes)
}

// stagedFile is a new file before it has its place.
type stagedFile struct{ temporary, place string }

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

// removeOrphans removes orphans, and the folders that become empty.
func (t Tree) removeOrphans(changes []Change) error {
	for _, c := range changes {
		if c.State != Orphan {
			continue
		}
		if err := os.Remove(t.at(c.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		dir := t.at(path.Dir(c.Path))
		if left, err := os.ReadDir(dir); err == nil && len(left) == 0 {
			if err := os.Remove(dir); err != nil {
				return err
			}
		}
	}
	return nil
}
