package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownShop is the config.yml of a shop that has nothing of its own yet.
const ownShop = `orchestrator:
  services: [apps, pricing]
  transports: [memory]
  external:
    apps: {import: github.com/shopanaio/orchestrator/services/apps}
    pricing: {import: github.com/shopanaio/orchestrator/services/pricing}
  external_plugins:
    simple-promo: {import: github.com/shopanaio/orchestrator/plugins/simple-promo, domains: [pricing]}
`

// A module of somebody else generates, builds and checks a program of the services
// and plugins of this one, with the command that messages name there.
func TestProgramInAModuleOfItsOwn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program; run without -short")
	}
	dir := t.TempDir()
	ownModule(t, dir)
	writeConfig(t, dir, ownShop)
	gen := []string{"run", "github.com/shopanaio/orchestrator/tools/gen"}
	run := func(want int, name string, args ...string) string {
		t.Helper()
		stdout, stderr, code := output(t, dir, []string{"GOFLAGS=-mod=mod", "GOWORK=off", "NODE_ENV=development"}, name, args...)
		if code != want {
			t.Fatalf("%s %v: exit code %d, want %d\n%s%s", name, args, code, want, stdout, stderr)
		}
		return stdout + stderr
	}
	run(0, "go", gen...)
	run(0, "go", append(gen, "deps")...)
	run(0, "go", "build", "-o", "shop", "./orchestrator/cmd/dev")
	program := filepath.Join(dir, "shop")
	if said := run(0, program, "check"); !strings.Contains(said, "is valid: apps, pricing") {
		t.Errorf("check says %s", said)
	}
	if said := run(0, program, "manifest"); !strings.Contains(said, `"code": "simple-promo"`) {
		t.Errorf("the plugin is not linked:\n%s", said)
	}
	writeConfig(t, dir, strings.Replace(ownShop, "[apps, pricing]", "[apps]", 1))
	if said := run(1, program, "check"); !strings.Contains(said, "run: go "+strings.Join(gen, " ")+"\n") || strings.Contains(said, "go generate") {
		t.Errorf("a program that is stale says\n%s", said)
	}
}

// ownModule makes a module that requires this one as it is here, with the versions
// that this one requires.
func ownModule(t *testing.T, dir string) {
	t.Helper()
	mod, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(mod), "module github.com/shopanaio/orchestrator", "module example.test/shop", 1)
	text += "\nrequire github.com/shopanaio/orchestrator v0.0.0\n\nreplace github.com/shopanaio/orchestrator => " + root(t) + "\n"
	sum, err := os.ReadFile(filepath.Join(root(t), "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"go.mod": []byte(text), "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
