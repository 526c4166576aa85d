package runfile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// Entry is what a process tells about itself.
type Entry struct {
	// PID is the process.
	PID int `json:"pid"`
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

// path is one file per variant and configuration.
func path(dir, variant, config string) string {
	sum := sha256.Sum256([]byte(variant + "\x00" + config))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])+".json")
}

// Write records the entry in dir, which is made if needed, and replaces what
// stood there for the same variant and configuration.
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
		err = os.Rename(tmp.Name(), path(dir, e.Variant, e.Config))
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

// Find returns the entry of a process of this variant and configuration that is
// still alive. A stale file is removed. Nothing found is no error.
func Find(dir, variant, config string) (Entry, bool, error) {
	file := path(dir, variant, config)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Entry{}, false, nil
	}
	if err != nil {
		return Entry{}, false, fmt.Errorf("read the run file: %w", err)
	}
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil || !alive(e.PID) {
		_ = os.Remove(file)
		return Entry{}, false, nil
	}
	return e, true, nil
}

// Remove takes the entry back, unless another process has replaced it since.
func Remove(dir string, e Entry) error {
	file := path(dir, e.Variant, e.Config)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove the run file: %w", err)
	}
	var now Entry
	if json.Unmarshal(data, &now) == nil && now != e {
		return nil
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
