package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

// The command call tells two instances of a variant apart, finds the one that is
// left, and is not misled by what a killed one leaves behind.
func TestCallFindsTheProcessThatRuns(t *testing.T) {
	env := environment(t)
	path := binary(t, fixtureDev)
	first := start(t, path, selection(""), env...).ready()
	second := startIn(t, first.cmd.Dir, path, env...).ready()
	call := func(wantCode int, texts ...string) {
		t.Helper()
		stdout, stderr, code := output(t, first.cmd.Dir, env, path, "call", "slow.wait", `{"milliseconds":1}`)
		if code != wantCode {
			t.Errorf("call: exit code %d, want %d", code, wantCode)
		}
		for _, text := range texts {
			if !strings.Contains(stdout+stderr, text) {
				t.Errorf("call does not say %q:\n%s%s", text, stdout, stderr)
			}
		}
	}
	listed := func(p *process) string { return fmt.Sprintf(", pid %d)", p.cmd.Process.Pid) }
	call(1, "2 processes of the variant dev run", "--admin "+first.admin, "--admin "+second.admin, listed(first), listed(second))

	second.signal(syscall.SIGTERM)
	if code := second.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	call(0, `"milliseconds": 1`)

	first.signal(syscall.SIGKILL)
	first.exit()
	call(1, "no process of the variant dev is known to run", "to start one: "+path)
}
