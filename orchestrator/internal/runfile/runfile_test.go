package runfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func entry(pid int) Entry {
	return Entry{PID: pid, Admin: "http://127.0.0.1:3030", Variant: "dev", Config: "/srv/shop/config.yml"}
}

func TestFindWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	want := entry(os.Getpid())
	if err := Write(dir, want); err != nil {
		t.Fatal(err)
	}
	got, found, err := Find(dir, want.Variant, want.Config)
	if err != nil || !found || !cmp.Equal(got, want) {
		t.Errorf("found %+v, %t, %v; want %+v", got, found, err, want)
	}
	if _, found, _ := Find(dir, "other", want.Config); found {
		t.Error("another variant finds it")
	}
	if _, found, _ := Find(dir, want.Variant, "/elsewhere/config.yml"); found {
		t.Error("another configuration finds it")
	}
	checkModes(t, dir)
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

func TestStaleFileIsRemoved(t *testing.T) {
	gone := exec.Command(os.Args[0], "-test.run=^$")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	e := entry(gone.Process.Pid)
	if err := Write(dir, e); err != nil {
		t.Fatal(err)
	}
	if _, found, err := Find(dir, e.Variant, e.Config); found || err != nil {
		t.Errorf("a dead process is found: %t, %v", found, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("the stale file is still there: %v", files)
	}
}

func TestGarbageIsStale(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(path(dir, "dev", ""), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found, err := Find(dir, "dev", ""); found || err != nil {
		t.Errorf("%t, %v", found, err)
	}
}

func TestRemoveLeavesASuccessorAlone(t *testing.T) {
	dir := t.TempDir()
	first, second := entry(os.Getpid()), entry(os.Getpid())
	second.Admin = "http://127.0.0.1:3031"
	for _, e := range []Entry{first, second} {
		if err := Write(dir, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := Remove(dir, first); err != nil {
		t.Fatal(err)
	}
	if got, found, _ := Find(dir, "dev", first.Config); !found || got != second {
		t.Errorf("found %+v, %t; want the second", got, found)
	}
	for range 2 {
		if err := Remove(dir, second); err != nil {
			t.Fatal(err)
		}
	}
	if _, found, _ := Find(dir, "dev", first.Config); found {
		t.Error("it is still there")
	}
}
