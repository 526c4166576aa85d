package runfile

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

func entry(pid int) Entry {
	return Entry{PID: pid, Node: "dev-1a2b3c4d", Admin: "http://127.0.0.1:3030", Variant: "dev", Config: "/srv/shop/config.yml"}
}

func TestFindWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	want := entry(os.Getpid())
	if err := Write(dir, want); err != nil {
		t.Fatal(err)
	}
	finds(t, dir, want.Variant, want.Config, want)
	finds(t, dir, "other", want.Config)
	finds(t, dir, want.Variant, "/elsewhere/config.yml")
	checkModes(t, dir)
}

// finds checks what is found, which is no error if it is nothing.
func finds(t *testing.T, dir, variant, config string, want ...Entry) {
	t.Helper()
	got, err := Find(dir, variant, config)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("found %+v, %v; want %+v", got, err, want)
	}
}

func checkModes(t *testing.T, dir string) {
	t.Helper()
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory has mode %v, %v; want 0700", info.Mode().Perm(), err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v; want 1", len(files), err)
	}
	info, err = files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file has mode %v, %v; want 0600", info.Mode().Perm(), err)
	}
}

func TestAnOpenDirectoryIsClosed(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(dir, entry(os.Getpid())); err != nil {
		t.Fatal(err)
	}
	checkModes(t, dir)
}

// gone is the id of a process that has ended.
func gone(t *testing.T) int {
	t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^$")
	if err := process.Run(); err != nil {
		t.Fatal(err)
	}
	return process.Process.Pid
}

func files(t *testing.T, dir string) int {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestStaleFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	dead, live, stranger := entry(gone(t)), entry(os.Getpid()), entry(gone(t))
	stranger.Variant = "other"
	for _, e := range []Entry{dead, live, stranger} {
		if err := Write(dir, e); err != nil {
			t.Fatal(err)
		}
	}
	finds(t, dir, live.Variant, live.Config, live)
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files are left, want that of the live process", n)
	}
}

func TestGarbageIsStale(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"0011223344556677.json", ".new-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	finds(t, dir, "dev", "")
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files are left, want the one that is being written", n)
	}
}

// Programs of before had one file per variant and configuration, without a node.
func TestFileOfAnOlderProgram(t *testing.T) {
	dir := t.TempDir()
	for name, pid := range map[string]int{"0011223344556677.json": os.Getpid(), "8899aabbccddeeff.json": gone(t)} {
		text := fmt.Sprintf(`{"pid":%d,"admin":"http://127.0.0.1:3030","variant":"dev","config":""}`, pid)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	finds(t, dir, "dev", "", Entry{PID: os.Getpid(), Admin: "http://127.0.0.1:3030", Variant: "dev"})
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files are left, want that of the live process", n)
	}
}

func TestEachProcessHasItsOwn(t *testing.T) {
	dir := t.TempDir()
	first, second, parent := entry(os.Getpid()), entry(os.Getpid()), entry(os.Getppid())
	second.Admin = "http://127.0.0.1:3031"
	all := []Entry{first, second, parent}
	for _, e := range all {
		if err := Write(dir, e); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.PID, b.PID) })
	finds(t, dir, "dev", first.Config, all...)
	for range 2 {
		if err := errors.Join(Remove(dir, first), Remove(dir, parent)); err != nil {
			t.Fatal(err)
		}
	}
	finds(t, dir, "dev", first.Config, second)
}

func TestNoDirectoryNoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	finds(t, dir, "dev", "")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir, "dev", ""); err == nil {
		t.Error("a file in place of the directory is no error")
	}
}
