package orchestrator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Production does not run on defaults unless it is told that they are meant.
func TestProductionNeedsItsConfig(t *testing.T) {
	for _, command := range []string{"run", "check"} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), command).set("NODE_ENV=production")
		r.want(r.run(), 1, "there is no config.yml", r.options.Dir, "CONFIG_FILE", "ORCHESTRATOR_REQUIRE_CONFIG=false")
	}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").set("NODE_ENV=production", "ORCHESTRATOR_REQUIRE_CONFIG=false")
	r.want(r.run(), 0)
}

// A file that was meant to be config.yml is named, whatever is wrong with it.
func TestConfigThatIsNone(t *testing.T) {
	misnamed := func(env string) *rig {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"})).set(env)
		if err := os.WriteFile(filepath.Join(r.options.Dir, "config.yaml"), []byte(memoryOnly), 0o600); err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := misnamed("NODE_ENV=development")
	r.start()
	r.want(r.stop(), 0, "level=WARN", "the name is config.yml", filepath.Join(r.options.Dir, "config.yaml"))
	r = misnamed("NODE_ENV=production")
	r.want(r.run(), 1, filepath.Join(r.options.Dir, "config.yaml")+" is not read")

	r = newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	if err := os.Mkdir(filepath.Join(r.options.Dir, "config.yml"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.want(r.run(), 1, filepath.Join(r.options.Dir, "config.yml")+" is a directory")
	r = newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	if err := os.Symlink("gone", filepath.Join(r.options.Dir, "config.yml")); err != nil {
		t.Fatal(err)
	}
	r.want(r.run(), 1, filepath.Join(r.options.Dir, "config.yml")+" is a link to gone")
}

// A misspelt variable of ours is told, by check as by run; its value is not.
func TestVariableThatIsNoSetting(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check")
	r.options.Environ = func() []string { return []string{"ORCHESTRATOR_TRANSPORT=NATS-hunter2", "HOME=/"} }
	r.want(r.run(), 0, "ORCHESTRATOR_TRANSPORT is not read", `did you mean "ORCHESTRATOR_TRANSPORTER"?`)
	if strings.Contains(r.stderr.String(), "hunter2") {
		t.Errorf("told %s", r.stderr)
	}
}
