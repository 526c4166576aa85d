package runfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
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

// Write records the entry in dir, which is made if needed.
func Write(dir string, e Entry) error {
	if err := private(dir); err != nil {
		return fmt.Errorf("write the run file: %w", err)
	}
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the run file: %w", err)
	}
	// CreateTemp makes the file with mode 0600.
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("write the run file: %w", err)
	}
	_, err = tmp.Write(append(data, '\n'))
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path(dir, e))
	}
	if err != nil {
		return fmt.Errorf("write the run file: %w", errors.Join(err, os.Remove(tmp.Name())))
	}
	return nil
}

// private makes the directory the owner's alone. One that belongs to somebody
// else is refused.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		return os.Chmod(dir, 0o700) //nolint:gosec // a directory needs its x to be entered
	}
	return nil
}

// Find returns the entries of the processes of this variant and configuration
// that are still alive, by their ids. That the process of an entry is still the
// one that wrote it, only its admin server can tell. Every stale file is removed,
// whoever left it. Nothing found is no error.
func Find(dir, variant, config string) ([]Entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the run files: %w", err)
	}
	var found []Entry
	for _, f := range files {
		if filepath.Ext(f.Name()) != extension {
			continue
		}
		e, live, err := read(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the run files: %w", err)
		}
		if live && e.Variant == variant && e.Config == config {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.Admin, b.Admin))
	})
	return found, nil
}

// read returns what a file says, and whether its process is alive. If not, or if
// the file says nothing, it is removed.
func read(file string) (Entry, bool, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return Entry{}, false, nil // stopped meanwhile, or started by another user with sudo
	}
	if err != nil {
		return Entry{}, false, err
	}
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil || !alive(e.PID) {
		_ = os.Remove(file)
		return Entry{}, false, nil
	}
	return e, true, nil
}

// Remove takes the entry back. One that is not there is no error.
func Remove(dir string, e Entry) error {
	if err := os.Remove(path(dir, e)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the run file: %w", err)
	}
	return nil
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
