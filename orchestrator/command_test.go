package orchestrator_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

func TestCommandLine(t *testing.T) {
	_, handle := echo("apps")
	for _, c := range []struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		{[]string{"help"}, 0, "call ACTION [JSON|@FILE|-]", ""},
		{[]string{"--help"}, 0, "Exit codes:", ""},
		{[]string{"-h"}, 0, "dev runs these services: apps.", ""},
		{[]string{"help"}, 0, "leave the process: memory (or null)\n", ""},
		{[]string{"call", "--help"}, 0, "Flags of call:", ""},
		{[]string{"call", "apps.echo", "-h"}, 0, "Flags of call:", ""},
		{[]string{"check", "--help"}, 0, "Exit codes:", ""},
		{[]string{"version"}, 0, "dev, revision ", ""},
		{[]string{"version"}, 0, "selection sha256:", ""},
		{[]string{"version", "now"}, 64, "", "version takes no arguments"},
		{[]string{"manifest"}, 0, `"variant": "dev"`, ""},
		{[]string{"check"}, 0, "is valid: apps in development over memory", ""},
		{[]string{"chek"}, 64, "", `unknown command "chek"; did you mean "check"?`},
		{[]string{"dance"}, 64, "", "commands: run, call, manifest, version, check, help"},
		{[]string{"run", "fast"}, 64, "", `run takes no arguments, but got ["fast"]`},
		{[]string{"--fast"}, 64, "", "run takes no arguments, but got [\"--fast\"]\nsettings come from the environment"},
		{[]string{"call"}, 64, "", "call: the name of the action is missing: write it as service.action"},
		{[]string{"call", ""}, 64, "", "call: the name of the action is missing"},
		{[]string{"call", "a.b", "{}", "{x}"}, 64, "", "call: \"{x}\" is one word too many: put the request in quotes\nusage: call"},
		{[]string{"call", "--example", "a.b", "{}"}, 64, "", "call: an example needs no request, but there is \"{}\"\nusage: call"},
		{[]string{"call", "--fast", "a.b"}, 64, "", "call: there is no flag --fast\n"},
		{[]string{"call", "--timeout", "abc", "a.b"}, 64, "", "call: --timeout \"abc\" is no duration: write a duration above 0 and up to 10m0s"},
		{[]string{"call", "--timeout", "-1s", "a.b"}, 64, "", "call: --timeout \"-1s\" is no duration: write a duration above 0"},
		{[]string{"call", "apps.echo", "@missing.json"}, 1, "", "missing.json"},
		{[]string{"call", "--example", "apps.echo"}, 0, "{\n  \"text\": \"it's me\"\n}\n", ""},
		{[]string{"call", "apps.echo", "--example"}, 0, "it's me", ""},
		{[]string{"call", "--example", "apps.eco"}, 1, "", "did you mean apps.echo?\nactions: apps.echo"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}), c.args...)
			r.want(r.run(), c.code, c.stderr)
			r.says(r.stdout, c.stdout)
		})
	}
}

// The manifest is printed as it is embedded, also when the settings are broken.
func TestManifestNeedsNoSettings(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "manifest").config("nonsense: [")
	r.want(r.run(), 0)
	if r.stdout.String() != string(r.binary.Manifest) {
		t.Errorf("printed %q", r.stdout)
	}
}

func TestCheckShowsWhatIsWrong(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").config("orchestrator: {services: [apps], trnsports: [memory]}")
	r.want(r.run(), 1, "config.yml:1:", "trnsports", "transports")
}

// What only a constructor can judge is found by check, too, and nothing is
// started or left behind.
func TestCheckMakesTheServices(t *testing.T) {
	j := &journal{}
	_, handle := echo("apps")
	good := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j, make: func(b *bus.Bus, g *service.Group) error {
		g.Go("refresh", func(context.Context) error { t.Error("a goroutine was started"); return nil })
		return handle(b, g)
	}}), "check")
	good.want(good.run(), 0)
	for says, bad := range map[string]func(*bus.Bus, *service.Group) error{
		"the disk is full": func(*bus.Bus, *service.Group) error { return errDisk },
		"apps.echo has two handlers": func(b *bus.Bus, g *service.Group) error {
			_, again := echo("apps")
			return errors.Join(handle(b, g), again(b, g))
		},
	} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j, make: bad}), "check")
		r.want(r.run(), 1, "the services could not be made: ", says)
		if r.stdout.String() != "" {
			t.Errorf("stdout %q", r.stdout)
		}
	}
	j.want(t)
}

func TestCall(t *testing.T) {
	action, handle := echo("apps")
	refuse := bus.NewAction[Text, Text]("apps.refuse")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: func(b *bus.Bus, g *service.Group) error {
		refuse.Handle(b, refused)
		return errors.Join(handle(b, g))
	}}))
	url := r.start()
	if err := os.WriteFile(filepath.Join(r.options.Dir, "request.json"), []byte(`{"text":"from a file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args           []string
		stdin          string
		code           int
		stdout, stderr string
	}{
		{[]string{action.Name(), `{"text":"in place"}`}, "", 0, "in place", ""},
		{[]string{action.Name(), "@request.json"}, "", 0, "from a file", ""},
		{[]string{action.Name(), "-"}, `{"text":"from stdin"}`, 0, "from stdin", ""},
		{[]string{"--admin", url, "--timeout", "5s", action.Name(), `{"text":"x"}`}, "", 0, "x", ""},
		{[]string{action.Name(), `{"text":"x"}`, "--timeout", "5s"}, "", 0, "x", ""},
		{[]string{action.Name(), `{"text":"x"}`, "--meta", "topic=a,b c", "--meta", "other=1"}, "", 0, "x about a,b c", ""},
		{[]string{action.Name(), `{"text":"x"}`, "--meta", "project"}, "", 64, "", "--meta project is not name=value"},
		{[]string{action.Name(), `{"text":"x"}`, "--meta", "pro ject=x"}, "", 64, "", "--meta pro ject: the metadata cannot be read"},
		{[]string{action.Name(), `{"text":"x"}`, "--meta", "topic=" + strings.Repeat("x", 5000)}, "", 64, "", "4096 bytes that are allowed"},
		{[]string{action.Name(), `{}`}, "", 1, "", "invalid_argument: "},
		{[]string{action.Name()}, "", 1, "", "invalid_argument: the request is not valid: text say something\n"},
		{[]string{action.Name(), `{"txet":"x"}`}, "", 1, "", "txet"},
		{[]string{"apps.refuse", `{}`}, "", 1, "", "failed_precondition: not today"},
		{[]string{"apps.missing", `{}`}, "", 1, "", "unimplemented: "},
		{[]string{"shop.missing", `{}`}, "", 1, "", "unavailable: "},
	} {
		other := r.again(append([]string{"call"}, c.args...)...)
		other.options.Stdin = strings.NewReader(c.stdin)
		other.want(other.run(), c.code, c.stderr)
		other.says(other.stdout, c.stdout)
		if said := strings.Count(other.stderr.String(), "say something"); said > 1 {
			t.Errorf("the mistake is said %d times:\n%s", said, other.stderr)
		}
	}
	r.want(r.stop(), 0)
}

// Nobody there is told apart from an error of the action, with how to start it.
func TestCallWithoutAProcess(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo").set("METRICS_PORT=" + freePort(t))
	r.want(r.run(), 1, "no process listens at http://127.0.0.1:", "to start it: bin/shop")
	built := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo").set("METRICS_PORT=" + freePort(t))
	built.options.Program = "/tmp/go-build123/b001/exe/dev"
	built.want(built.run(), 1, "to start it: go run ./orchestrator/cmd/dev")
	anywhere := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo").config("orchestrator: {services: [apps], transports: [memory], metrics_port: 0}")
	delete(anywhere.env, "METRICS_PORT")
	anywhere.want(anywhere.run(), 1, "no process of the variant dev is known to run")
}

// The run file is there while the process is, and only then.
func TestRunFileComesAndGoes(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	r.start()
	if files, err := os.ReadDir(r.options.RunDir); err != nil || len(files) != 1 {
		t.Errorf("while it runs: %v, %v", files, err)
	}
	r.want(r.stop(), 0)
	if files, err := os.ReadDir(r.options.RunDir); err != nil || len(files) != 0 {
		t.Errorf("after it stopped: %v, %v", files, err)
	}
}

// A process that cannot write its run file serves all the same, and says how it
// is found.
func TestWithoutARunFile(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}))
	r.options.RunDir = filepath.Join(r.options.Dir, "file", "run")
	if err := os.WriteFile(filepath.Join(r.options.Dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	url := r.start()
	r.says(r.stdout, "call --admin "+url+" apps.echo")
	r.want(r.stop(), 0, "--admin "+url)
}
