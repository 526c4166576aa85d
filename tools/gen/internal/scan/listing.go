package scan

import (
	"cmp"
	"errors"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// listing is a folder as it was read from disk, once: services are looked at
// first to find them and then to find what they use.
type listing struct {
	names, texts sync.Once

	folders  []string
	sources  []source
	nameErr  error
	textsErr error
}

// source is a Go file and its text.
type source struct {
	name string
	text []byte
}

// listing returns what is in a folder; nothing when there is no such folder.
func (s *Scanner) listing(dir string) *listing {
	s.mu.Lock()
	l := s.listings[dir]
	if l == nil {
		l = &listing{}
		s.listings[dir] = l
	}
	s.mu.Unlock()
	l.names.Do(func() { l.readNames(s.fsys, dir) })
	return l
}

func (l *listing) readNames(fsys fs.FS, dir string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.nameErr = err
	}
	for _, e := range entries {
		switch {
		case e.IsDir() && !passedOver(e.Name()):
			l.folders = append(l.folders, e.Name())
		case !e.IsDir() && isSource(e.Name()):
			l.sources = append(l.sources, source{name: path.Join(dir, e.Name())})
		}
	}
}

func (l *listing) readTexts(fsys fs.FS) {
	for i := range l.sources {
		if l.textsErr == nil {
			l.sources[i].text, l.textsErr = fs.ReadFile(fsys, l.sources[i].name)
		}
	}
}

// folders returns the names of the folders in dir, sorted, without those that
// the go command passes over.
func (s *Scanner) folders(dir string) ([]string, error) {
	l := s.listing(dir)
	return l.folders, l.nameErr
}

// files returns the Go files of a folder, by name, with their text: all that some
// platform links, and those that a build constraint excludes, which is known
// after parsing.
func (s *Scanner) files(dir string) ([]*file, error) {
	l := s.listing(dir)
	l.texts.Do(func() { l.readTexts(s.fsys) })
	if err := cmp.Or(l.nameErr, l.textsErr); err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	found := make([]*file, len(l.sources))
	for i, src := range l.sources {
		found[i] = &file{path: src.name, shown: s.shown(src.name), text: src.text, set: set}
	}
	return found, nil
}

// isSource tells a Go file that can be linked from tests and from what the go command passes over.
func isSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		name[0] != '_' && name[0] != '.'
}

// passedOver tells a folder that the go command does not look into.
func passedOver(name string) bool {
	return name == "testdata" || name == "vendor" || name[0] == '_' || name[0] == '.'
}
