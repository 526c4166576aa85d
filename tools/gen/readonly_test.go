//go:build unix

package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// In a tree that cannot be written, gen exits 2 and leaves no part of a file;
// check needs no right to write.
func TestReadOnlyTree(t *testing.T) {
	dir, gen := t.TempDir(), copyOfThisProgram(t)
	archive, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if err := unpack(archive, dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "orchestrator", "cmd"), 0o755); err != nil {
		t.Fatal(err)
	}
	lock(t, dir)
	before := names(t, dir)
	stdout, stderr, code := runAsNobody(t, gen, dir, "generate")
	if code != exitUsage || stdout != "" || !strings.Contains(stderr, "permission denied") {
		t.Errorf("generate: exit code %d, want %d\n%s%s", code, exitUsage, stdout, stderr)
	}
	if after := names(t, dir); after != before {
		t.Errorf("files were\n%s\nand are\n%s", before, after)
	}
	stdout, stderr, code = runAsNobody(t, gen, dir, "check")
	if code != exitDrift || !strings.Contains(stdout, "orchestrator/variants.bzl: missing") {
		t.Errorf("check: exit code %d, want %d\n%s%s", code, exitDrift, stdout, stderr)
	}
}

// copyOfThisProgram is the test program where everybody may run it; called gen, it is gen.
func copyOfThisProgram(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "gen")
	if err := os.WriteFile(name, text, 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

// lock takes the right to write away until the test ends, and lets others read.
func lock(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	mode := func(dirMode, fileMode fs.FileMode) {
		err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if e.IsDir() {
				return os.Chmod(name, dirMode)
			}
			return os.Chmod(name, fileMode)
		})
		if err != nil {
			t.Error(err)
		}
	}
	mode(0o555, 0o444)
	t.Cleanup(func() { mode(0o755, 0o644) })
}

// names lists all files below a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		all = append(all, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// runAsNobody runs gen without the rights of root, who may write anywhere.
func runAsNobody(t *testing.T, gen, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(gen, args...)
	cmd.Dir = dir
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if os.Getuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	err := cmd.Run()
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EINVAL) {
		t.Skipf("cannot run a program without the rights of root here: %v", err)
	}
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
