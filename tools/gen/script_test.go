package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gen": main})
}

// TestScripts runs the stories in testdata/script against the built command.
// Each starts from the tree in testdata/shop.txtar, with its own files over it;
// one that has a file named "bare" starts from nothing.
func TestScripts(t *testing.T) {
	shop, err := txtar.ParseFile("testdata/shop.txtar")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("M", "orchestrator/cmd/orchestrator-minimal")
			if _, err := os.Stat(filepath.Join(env.WorkDir, "bare")); err == nil {
				return nil
			}
			return unpack(shop, env.WorkDir)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "age": age, "aged": aged, "join": join, "crlf": crlf, "replace": replace,
		},
	})
}

// unpack writes the files of an archive that are not there yet.
func unpack(archive *txtar.Archive, dir string) error {
	for _, f := range archive.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exits CODE COMMAND ARGS... runs a command and wants its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// long is a time that no file gets by being written now.
var long = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

// age FILE... makes files look old.
func age(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), long, long))
	}
}

// aged FILE... wants files that have not been written since age, and ! aged such that have.
func aged(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if info.ModTime().Equal(long) == neg {
			ts.Fatalf("%s was last written at %s", name, info.ModTime())
		}
	}
}

// join OUT IN... writes the contents of several files into one.
func join(ts *testscript.TestScript, neg bool, args []string) {
	var all []byte
	for _, name := range args[1:] {
		all = append(all, ts.ReadFile(name)...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), all, 0o755))
}

// crlf FILE... makes the line ends those of Windows.
func crlf(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		edit(ts, name, "\n", "\r\n")
	}
}

// replace FILE OLD NEW replaces a text in a file, which must be there.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	edit(ts, args[0], args[1], args[2])
}

func edit(ts *testscript.TestScript, name, before, after string) {
	text := ts.ReadFile(name)
	if !strings.Contains(text, before) {
		ts.Fatalf("%s does not have %q", name, before)
	}
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(strings.ReplaceAll(text, before, after)), 0o644))
}
