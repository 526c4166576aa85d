package runfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Entry is what a process tells about itself.
type Entry struct {
	// PID is the process.
	PID int `json:"pid"`
	// Node is the id of its node, which its log and its metrics show.
	Node string `json:"node"`
	// Admin is the URL of its admin server, such as http://127.0.0.1:3030.
	Admin string `json:"admin"`
	// Variant is the name of the binary's selection.
	Variant string `json:"variant"`
	// Config is the absolute path of the config.yml it read, empty without one.
	Config string `json:"config"`
	// Locked says that the process holds a lock on its file for as long as it lives.
	Locked bool `json:"locked,omitempty"`
}

// File is the run file of this process.
type File struct {
	path string
	held *os.File
}

// DefaultDir is the user's own directory for run files: in the cache directory,
// or, where there is none, in the directory for temporary files.
func DefaultDir() string {
	if cache, err := os.UserCacheDir(); err == nil {
		return filepath.Join(cache, "shopana-orchestrator", "run")
	}
	return filepath.Join(os.TempDir(), "shopana-orchestrator-"+strconv.Itoa(os.Getuid()))
}

// path is one file per process. The URL is part of its name because two
// containers that share a directory may each have the process 7.
func path(dir string, e Entry) string {
	sum := sha256.Sum256([]byte(e.Variant + "\x00" + e.Config + "\x00" + e.Admin))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])+"-"+strconv.Itoa(e.PID)+extension)
}

// extension tells run files from those that are still being written.
const extension = ".json"

// Write records the entry in dir, which is made if needed. It refuses a directory
// that is not the user's own.
func Write(dir string, e Entry) (*File, error) {
	f, err := write(dir, e)
	if err != nil {
		return nil, fmt.Errorf("write the run file: %w", err)
	}
	return f, nil
}

func write(dir string, e Entry) (*File, error) {
	if err := private(dir); err != nil {
		return nil, err
	}
	// CreateTemp makes the file with mode 0600.
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return nil, err
	}
	// The lock ends with the process, however that ends, and holds for processes that
	// do not see this one, such as those of another container.
	e.Locked = lock(tmp) == nil
	data, err := json.Marshal(e)
	if err == nil {
		_, err = tmp.Write(append(data, '\n'))
	}
	f := &File{path: path(dir, e), held: tmp}
	if !e.Locked { // where there are no locks, a file that is open cannot be renamed
		f.held, err = nil, errors.Join(err, tmp.Close())
	}
	if err == nil {
		err = os.Rename(tmp.Name(), f.path)
	}
	if err != nil {
		return nil, errors.Join(err, f.release(), os.Remove(tmp.Name()))
	}
	return f, nil
}

// Remove takes the entry back. One that is gone, or that could not be written, is no
// error.
func (f *File) Remove() error {
	if f == nil {
		return nil
	}
	// Removed before the lock ends: nobody finds a file that looks stale.
	err := os.Remove(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err = errors.Join(err, f.release()); err != nil {
		return fmt.Errorf("remove the run file: %w", err)
	}
	return nil
}

func (f *File) release() error {
	if f.held == nil {
		return nil
	}
	return f.held.Close()
}

// private makes the directory the owner's alone.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if err := own(dir, info); err != nil {
		return err
	}
	if info.Mode().Perm() == 0o700 {
		return nil
	}
	return os.Chmod(dir, 0o700) //nolint:gosec // a directory needs its x to be entered
}

// own refuses what is no directory of this user: who owns it could make the calls of
// the user go elsewhere.
func own(dir string, info fs.FileInfo) error {
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is not a directory", dir)
	case !mine(info):
		return fmt.Errorf("%s belongs to another user, so what it says of processes is not believed; have it removed", dir)
	}
	return nil
}

// Find returns the entries of the processes of this variant and configuration
// that are still alive, by their ids. Every stale file is removed, whoever left it;
// what is no file of this user is passed over. Nothing found is no error; a directory
// of another user, or one that others may write to, is.
func Find(dir, variant, config string) ([]Entry, error) {
	all, err := find(dir)
	if err != nil {
		return nil, fmt.Errorf("read the run files: %w", err)
	}
	found := slices.DeleteFunc(all, func(e Entry) bool { return e.Variant != variant || e.Config != config })
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.Admin, b.Admin))
	})
	return found, nil
}

func find(dir string) ([]Entry, error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := own(dir, info); err != nil {
		return nil, err
	}
	if exposed(info) {
		return nil, fmt.Errorf("others may write to %s, so what it says of processes is not believed: chmod 700 it", dir)
	}
	files, err := os.ReadDir(dir)
	var all []Entry
	for _, f := range files {
		if filepath.Ext(f.Name()) != extension || !f.Type().IsRegular() {
			continue
		}
		if e, live := read(filepath.Join(dir, f.Name())); live {
			all = append(all, e)
		}
	}
	return all, err
}

// longest is how much of a file is read, in bytes: an entry has a few hundred.
const longest = 64 << 10

// read returns what a file says, and whether its process is alive. If not, or if
// the file says nothing, it is removed. What cannot be read, such as what was removed
// meanwhile, or was written as root, is nobody's.
func read(file string) (Entry, bool) {
	f, err := os.Open(file)
	if err != nil {
		return Entry{}, false
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !mine(info) || exposed(info) {
		return Entry{}, false
	}
	var e Entry
	data, err := io.ReadAll(io.LimitReader(f, longest))
	if err != nil {
		return Entry{}, false
	}
	if json.Unmarshal(data, &e) != nil || !lives(e, f) {
		_ = os.Remove(file)
		return Entry{}, false
	}
	return e, true
}

// lives goes by the lock: a process id may be another program's by now, and that of a
// process of another container says nothing here. Where there was no lock, the id has
// to do.
func lives(e Entry, f *os.File) bool {
	if e.Locked {
		return locked(f)
	}
	return alive(e.PID)
}

// alive asks the system whether the process exists. Where that cannot be asked,
// the answer is yes, and the connection will tell.
func alive(pid int) bool {
	if pid <= 0 {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer func() { _ = p.Release() }()
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
