package verify

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestListedHasWhatWasNamedAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"tree/services/a/a.go", "tree/services/a/b.go", "other/services/a/c.go"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := newListed("tree", []string{"tree/services/a/b.go", "tree/services/a/b.go", "./tree/services/a/a.go", "other/services/a/c.go"})
	for dir, want := range map[string]int{".": 1, "services": 1, "services/a": 2} {
		entries, err := fs.ReadDir(l, dir)
		if err != nil || len(entries) != want || entries[0].IsDir() == (dir == "services/a") {
			t.Errorf("%s: %v, %v; want %d entries", dir, entries, err, want)
		}
	}
	text, err := fs.ReadFile(l, "services/a/a.go")
	if err != nil || string(text) != "tree/services/a/a.go" {
		t.Errorf("read %q, %v", text, err)
	}
	for _, name := range []string{"services/a/c.go", "services/a"} {
		if _, err := fs.ReadFile(l, name); !os.IsNotExist(err) {
			t.Errorf("%s: %v, want that it does not exist", name, err)
		}
	}
	f, err := l.Open("services/a/a.go")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := fs.ReadDir(l, "nowhere"); !os.IsNotExist(err) {
		t.Errorf("a folder that was not named: %v", err)
	}
}
