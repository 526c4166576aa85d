package output

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
)

func newTree(t *testing.T) Tree {
	t.Helper()
	return Tree{Dir: t.TempDir(), Shown: func(name string) string { return name }}
}

// generated is a file of a variant with the given text behind the header.
func generated(name, text string) render.File {
	return render.File{Path: "orchestrator/cmd/dev/" + name, Data: render.Seal("//", []byte(text))}
}

func mustApply(t *testing.T, tree Tree, files ...render.File) []Change {
	t.Helper()
	changes, problems, err := tree.Plan(files)
	if err != nil || len(problems) > 0 {
		t.Fatalf("plan: %v, %v", problems, err)
	}
	if _, err := tree.Apply(changes); err != nil {
		t.Fatal(err)
	}
	return changes
}

// contents are the files below a folder by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		below, _ := filepath.Rel(dir, name)
		found[filepath.ToSlash(below)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestApplyKeepsTheMode(t *testing.T) {
	tree := newTree(t)
	mustApply(t, tree, generated("main.go", "one"))
	name := tree.at("orchestrator/cmd/dev/main.go")
	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	mustApply(t, tree, generated("main.go", "two"))
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want what it was, 0600", info.Mode(), err)
	}
}

// One place that cannot be written leaves all others as they were.
func TestApplyIsAllOrNothing(t *testing.T) {
	tree := newTree(t)
	mustApply(t, tree, generated("main.go", "one"), generated("services_gen.go", "one"))
	blocked := render.File{Path: "orchestrator/blocked/file", Data: []byte("x")}
	if err := os.WriteFile(tree.at("orchestrator/blocked"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before := contents(t, tree.Dir)
	done, err := tree.Apply([]Change{
		{Path: "orchestrator/cmd/dev/main.go", State: Stale, New: []byte("two")},
		{Path: "orchestrator/cmd/new/main.go", State: Missing, New: []byte("two")},
		{Path: "orchestrator/cmd/dev/services_gen.go", State: Orphan},
		{Path: blocked.Path, State: Missing, New: blocked.Data},
	})
	if err == nil || !strings.Contains(err.Error(), "write orchestrator/blocked/file") || len(done) > 0 {
		t.Errorf("%d changes, error %v; want none, and the blocked file", len(done), err)
	}
	if diff := cmp.Diff(before, contents(t, tree.Dir)); diff != "" {
		t.Errorf("the disk changed, -before +after\n%s", diff)
	}
}

// What a killed run left behind goes with the next one.
func TestApplyRemovesWhatAKilledRunLeft(t *testing.T) {
	tree := newTree(t)
	mustApply(t, tree, generated("main.go", "one"))
	name := tree.at("orchestrator/cmd/dev/.gen-123")
	if err := os.WriteFile(name, []byte("// Code gen"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changes := mustApply(t, tree, generated("main.go", "one")); len(changes) != 0 {
		t.Errorf("changes %v; want none, since another run may be writing the file", changes)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	changes := mustApply(t, tree, generated("main.go", "one"))
	if len(changes) != 1 || changes[0].State != Orphan {
		t.Errorf("changes %v, want one orphan", changes)
	}
	if left := contents(t, tree.Dir); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

func TestPlanRefusesWhatOthersWrote(t *testing.T) {
	tree := newTree(t)
	dir := tree.at("orchestrator/cmd/old")
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"main.go": string(generated("", "").Data), "notes.txt": "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, problems, err := tree.Plan(nil)
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	want := []string{"orchestrator/cmd/old/notes.txt", "orchestrator/cmd/old/sub"}
	if diff := cmp.Diff(want, paths); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

func TestDiff(t *testing.T) {
	lines := func(text string) []byte { return []byte(strings.ReplaceAll(text, " ", "\n") + "\n") }
	for _, test := range []struct {
		name, old, new, want string
		most                 int
	}{
		{"one line", "a b c d e f g", "a b c X e f g", "@@ -2,5 +2,5 @@| b| c|-d|+X| e| f", 20},
		{"two hunks", "a 1 2 3 4 5 6 7 b", "A 1 2 3 4 5 6 7 B", "@@ -1,3 +1,3 @@|-a|+A| 1| 2|@@ -7,3 +7,3 @@| 6| 7|-b|+B", 20},
		{"added at the end", "a b", "a b c", "@@ -1,2 +1,3 @@| a| b|+c", 20},
		{"removed at the start", "a b", "b", "@@ -1,2 +1,1 @@|-a| b", 20},
		{"cut", "a b c", "d e f", "@@ -1,3 +1,3 @@|-a|-b|... and 4 more", 3},
		{"common lines between", "a x b", "c x d", "@@ -1,3 +1,3 @@|-a|+c| x|-b|+d", 20},
	} {
		got := Diff("f", lines(test.old), lines(test.new), test.most)
		want := "--- f\n+++ f (generated)\n" + strings.ReplaceAll(test.want, "|", "\n") + "\n"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
	if got := Diff("f", nil, lines("a"), 20); !strings.Contains(got, "@@ -0,0 +1,1 @@\n+a\n") {
		t.Errorf("from nothing:\n%s", got)
	}
	if got := Diff("f", []byte("# digest: a\nx\n"), []byte("# digest: b\nx\n"), 20); got != "" {
		t.Errorf("digests only:\n%s", got)
	}
	big := strings.Repeat("a ", 2000)
	if got := Diff("f", lines(big), lines(strings.ReplaceAll(big, "a", "b")), 1<<20); strings.Count(got, "\n-a") != 2000 {
		t.Error("a big difference is not shown as all old lines, then all new ones")
	}
}

// What gen overwrites: what it wrote, and what is damaged in ways that lose nothing.
func TestOnlyWhatGenWroteIsOverwritten(t *testing.T) {
	next := generated("main.go", "package main\n\nfunc main() {}\n")
	text, older := string(next.Data), string(generated("main.go", "package main\n\nfunc main() { old() }\n").Data)
	for name, test := range map[string]struct {
		old     string
		state   State
		lossy   bool
		foreign bool
	}{
		"older":               {old: older, state: Stale},
		"older, from Windows": {old: strings.ReplaceAll(older, "\n", "\r\n"), state: Stale},
		"empty":               {old: "", state: Edited},
		"half":                {old: text[:len(text)-9], state: Edited},
		"a line is missing":   {old: strings.Replace(text, "func main() {}\n", "", 1), state: Edited},
		"in conflict":         {old: "<<<<<<< HEAD\n" + older + "=======\n" + text + ">>>>>>> other\n", state: Edited},
		"changed":             {old: strings.Replace(text, "{}", "{ mine() }", 1), state: Edited, lossy: true},
		"older, changed":      {old: strings.Replace(older, "old()", "mine()", 1), state: Edited, lossy: true},
		"half a conflict":     {old: "<<<<<<< HEAD\n" + older, state: Edited, lossy: true},
		"quotes the header":   {old: "package mine\n\n" + text, foreign: true},
		"somebody's conflict": {old: "<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> other\n", foreign: true},
	} {
		tree := newTree(t)
		mustApply(t, tree, next)
		if err := os.WriteFile(tree.at(next.Path), []byte(test.old), 0o644); err != nil {
			t.Fatal(err)
		}
		change, problem, err := tree.Compare(next)
		switch {
		case err != nil || (problem != nil) != test.foreign:
			t.Errorf("%s: problem %v, error %v; want a problem: %t", name, problem, err, test.foreign)
		case !test.foreign && (change.State != test.state || change.Lossy != test.lossy || len(tree.Refused([]Change{*change})) == 1 != test.lossy):
			t.Errorf("%s: %s, lossy %t; want %s, lossy %t", name, change.State, change.Lossy, test.state, test.lossy)
		}
	}
}

// An orphan that cannot be removed keeps no other from going, and those that went
// are returned.
func TestRemovalGoesOnAndSaysWhatItDid(t *testing.T) {
	tree := newTree(t)
	stuck := Change{Path: "orchestrator/cmd/a/main.go", State: Orphan}
	if err := os.MkdirAll(filepath.Join(tree.at(stuck.Path), "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	old := render.File{Path: "orchestrator/cmd/b/main.go", Data: []byte("x")}
	if _, err := tree.Apply([]Change{{Path: old.Path, State: Missing, New: old.Data}}); err != nil {
		t.Fatal(err)
	}
	done, err := tree.Apply([]Change{stuck, {Path: old.Path, State: Orphan}})
	if err == nil || len(done) != 1 || done[0].Path != old.Path {
		t.Errorf("done %v, error %v; want the second one done and the first one's error", done, err)
	}
}
