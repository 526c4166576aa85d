package e2e

import (
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

var five = []string{"apps", "delivery", "inventory", "payments", "pricing"}

// subset returns the services whose bits are set.
func subset(mask uint) []string {
	var names []string
	for i, name := range five {
		if mask&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// satisfied: all of the five but apps call apps.
func satisfied(names []string) bool { return slices.Contains(names, "apps") }

// Proves: C2 (every combination generates, builds and starts, or is refused
// with the reason).
func TestAllSubsets(t *testing.T) {
	if testing.Short() {
		t.Skip("builds 16 binaries; run without -short")
	}
	tree, gen := copyTree(t), binary(t, "tools/gen")
	t.Run("refused", func(t *testing.T) { refuseSubsets(t, tree, gen) })
	t.Run("started", func(t *testing.T) { startSubsets(t, tree, gen) })
}

func refuseSubsets(t *testing.T, tree, gen string) {
	for mask := uint(1); mask < 1<<len(five); mask++ {
		names := subset(mask)
		if satisfied(names) {
			continue
		}
		writeConfig(t, tree, fmt.Sprintf("orchestrator:\n  services: [%s]\n", strings.Join(names, ", ")))
		_, stderr, code := output(t, tree, nil, gen)
		if code != 1 {
			t.Errorf("%v: exit code %d, want 1\n%s", names, code, stderr)
		}
		for _, name := range names {
			if !strings.Contains(stderr, name+`" needs "apps`) && !strings.Contains(stderr, name+" needs apps") {
				t.Errorf("%v: the message does not say that %s needs apps:\n%s", names, name, stderr)
			}
		}
	}
}

func startSubsets(t *testing.T, tree, gen string) {
	var config strings.Builder
	config.WriteString("orchestrator:\n  services: [apps]\n  variants:\n")
	for mask := uint(1); mask < 1<<len(five); mask++ {
		if names := subset(mask); satisfied(names) {
			fmt.Fprintf(&config, "    subset-%02d: {services: [%s]}\n", mask, strings.Join(names, ", "))
		}
	}
	writeConfig(t, tree, config.String())
	if _, stderr, code := output(t, tree, nil, gen); code != 0 {
		t.Fatalf("gen: exit code %d\n%s", code, stderr)
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "./orchestrator/cmd/...")
	build.Dir = tree
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for mask := uint(1); mask < 1<<len(five); mask++ {
		names := subset(mask)
		if !satisfied(names) {
			continue
		}
		p := startIn(t, tree, filepath.Join(bin, fmt.Sprintf("subset-%02d", mask))).ready()
		_, ready := p.get("/readyz")
		for _, name := range five {
			if strings.Contains(ready, `"`+name+`"`) != slices.Contains(names, name) {
				t.Errorf("%v (%d services): /readyz says %s", names, bits.OnesCount(mask), ready)
			}
		}
		p.signal(syscall.SIGTERM)
		if code := p.exit(); code != 0 {
			t.Errorf("%v: exit code %d after SIGTERM", names, code)
		}
	}
}

func writeConfig(t testing.TB, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "config.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// copyTree copies what the generator and a build need to a place where they
// may be changed.
func copyTree(t testing.TB) string {
	t.Helper()
	to := t.TempDir()
	copyTreeTo(t, to)
	return to
}

func copyTreeTo(t testing.TB, to string) {
	t.Helper()
	from := root(t)
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipOrMake(rel, filepath.Join(to, rel))
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func skipOrMake(rel, target string) error {
	name := filepath.Base(rel)
	if rel != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "bazel-") || name == "e2e" || name == "docs") {
		return fs.SkipDir
	}
	return os.MkdirAll(target, 0o700)
}
