package runfile

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func entry(pid int) Entry {
	return Entry{PID: pid, Node: "dev-1a2b3c4d", Admin: "http://127.0.0.1:3030", Variant: "dev", Config: "/srv/shop/config.yml"}
}

func TestFindWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	want := entry(os.Getpid())
	written(t, dir, want)
	finds(t, dir, want.Variant, want.Config, want)
	finds(t, dir, "other", want.Config)
	finds(t, dir, want.Variant, "/elsewhere/config.yml")
	checkModes(t, dir)
}

// written writes an entry for as long as the test runs.
func written(t *testing.T, dir string, e Entry) *File {
	t.Helper()
	f, err := Write(dir, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.held.Close() })
	return f
}

// abandoned writes an entry and ends as a process does that is killed: the lock goes,
// the file stays.
func abandoned(t *testing.T, dir string, e Entry) {
	t.Helper()
	if err := written(t, dir, e).held.Close(); err != nil {
		t.Fatal(err)
	}
}

// finds checks what is found, which is no error if it is nothing.
func finds(t *testing.T, dir, variant, config string, want ...Entry) {
	t.Helper()
	got, err := Find(dir, variant, config)
	for i := range got {
		got[i].Locked = false // said below, where it matters
	}
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
	written(t, dir, entry(os.Getpid()))
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

// A process that is gone is known by its lock: its id may be another program's by now,
// as that of the first process of a container always is.
func TestStaleFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	dead, live, stranger := entry(1), entry(os.Getpid()), entry(os.Getppid())
	stranger.Variant = "other"
	abandoned(t, dir, dead)
	abandoned(t, dir, stranger)
	written(t, dir, live)
	finds(t, dir, live.Variant, live.Config, live)
	if n := files(t, dir); n != 1 {
		t.Errorf("%d files are left, want that of the live process", n)
	}
}

// The process of another container cannot be seen by its id, and lives.
func TestProcessThatCannotBeSeen(t *testing.T) {
	dir := t.TempDir()
	far := entry(gone(t))
	written(t, dir, far)
	finds(t, dir, far.Variant, far.Config, far)
}

// What is not the user's own file is passed over and left alone.
func TestWhatIsNoRunFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	want := entry(os.Getpid())
	written(t, dir, want)
	stranger := want
	stranger.Admin = "http://127.0.0.1:1"
	data, err := json.Marshal(stranger)
	if err != nil {
		t.Fatal(err)
	}
	writable := filepath.Join(dir, "writable.json")
	err = errors.Join(os.Mkdir(filepath.Join(dir, "y.json"), 0o700), os.WriteFile(writable, data, 0o600), os.Chmod(writable, 0o666),
		os.WriteFile(filepath.Join(dir, "x.txt"), data, 0o600), os.Symlink(filepath.Join(dir, "x.txt"), filepath.Join(dir, "link.json")))
	if err != nil {
		t.Fatal(err)
	}
	finds(t, dir, want.Variant, want.Config, want)
	if n := files(t, dir); n != 5 {
		t.Errorf("%d files are left, want all 5", n)
	}
}

// Who can write to the directory could send the calls of the user elsewhere.
func TestDirectoryThatOthersMayWriteTo(t *testing.T) {
	dir := t.TempDir()
	written(t, dir, entry(os.Getpid()))
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if found, err := Find(dir, "dev", entry(1).Config); err == nil || !strings.Contains(err.Error(), "others may write to "+dir) {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestWhatAnotherUserHasMade(t *testing.T) {
	if err := os.Chown(t.TempDir(), 12345, 12345); err != nil {
		t.Skipf("only root can act as another user, and in a sandbox nobody: %v", err)
	}
	dir := t.TempDir()
	mine, theirs := written(t, dir, entry(os.Getpid())), entry(os.Getpid())
	theirs.Admin = "http://127.0.0.1:1"
	if err := os.Chown(written(t, dir, theirs).path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	finds(t, dir, "dev", theirs.Config, entry(os.Getpid()))
	if err := errors.Join(mine.Remove(), os.Chown(dir, 12345, 12345)); err != nil {
		t.Fatal(err)
	}
	const says = "belongs to another user"
	if found, err := Find(dir, "dev", theirs.Config); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := Write(dir, theirs); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("written: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(link, theirs); err == nil || !strings.Contains(err.Error(), "is not a directory") {
		t.Errorf("written through a link: %v", err)
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
	all, kept := []Entry{first, second, parent}, map[Entry]*File{}
	for _, e := range all {
		kept[e] = written(t, dir, e)
	}
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Compare(a.PID, b.PID) })
	finds(t, dir, "dev", first.Config, all...)
	if err := errors.Join(kept[first].Remove(), os.Remove(kept[parent].path), kept[parent].Remove(), (*File)(nil).Remove()); err != nil {
		t.Fatal(err)
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
