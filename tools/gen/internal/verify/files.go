package verify

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// listed is a file system of the files that were named, and of no others.
type listed struct {
	// files has, by path in the tree, where a file is.
	files map[string]string
	// folders has what is in each folder, sorted.
	folders map[string][]fs.DirEntry
}

// newListed returns the file system of a tree whose root is the folder pkg of
// the module. Files that are not below it are left out.
func newListed(pkg string, files []string) *listed {
	l := &listed{files: make(map[string]string), folders: make(map[string][]fs.DirEntry)}
	for _, name := range files {
		below, err := filepath.Rel(filepath.FromSlash(path.Clean(pkg)), filepath.FromSlash(name))
		if err != nil || !filepath.IsLocal(below) {
			continue
		}
		below = filepath.ToSlash(below)
		if _, twice := l.files[below]; !twice {
			l.files[below] = name
			l.add(below, false)
		}
	}
	for _, entries := range l.folders {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return l
}

// add puts a name into its folder, and the folder into its own.
func (l *listed) add(name string, dir bool) {
	parent := path.Dir(name)
	known := len(l.folders[parent]) > 0
	e := entry{name: path.Base(name), dir: dir}
	if slices.Contains(l.folders[parent], fs.DirEntry(e)) {
		return
	}
	l.folders[parent] = append(l.folders[parent], e)
	if !known && parent != "." {
		l.add(parent, true)
	}
}

// ReadDir returns what was named in a folder.
func (l *listed) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, ok := l.folders[name]
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return entries, nil
}

// Open opens a file that was named. Folders are read by ReadDir.
func (l *listed) Open(name string) (fs.File, error) {
	place, ok := l.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(place)
}

// entry is a file or a folder as ReadDir gives it.
type entry struct {
	name string
	dir  bool
}

func (e entry) Name() string { return e.name }
func (e entry) IsDir() bool  { return e.dir }
func (e entry) Type() fs.FileMode {
	if e.dir {
		return fs.ModeDir
	}
	return 0
}

// Info is not known of a file that was only named.
func (e entry) Info() (fs.FileInfo, error) { return nil, errors.ErrUnsupported }

var _ fs.ReadDirFS = (*listed)(nil)
