package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// The README marks what this test runs: "<!-- test: name -->" before a block of
// shell, "<!-- output: name -->" before what it prints. In the output a line "..."
// stands for any lines, "…" for anything within a line, and every duration for
// every other.
var readmeBlock = regexp.MustCompile("(?m)^<!-- (test|output): ([a-z-]+) -->\n```[a-z]+\n((?s:.*?))\n```$")

var (
	duration = regexp.MustCompile(`[0-9.]+(ns|µs|ms|s)\b`)
	spaces   = regexp.MustCompile(`[ \t]+`)
)

// readmeRun is a marked block with the output it promises.
type readmeRun struct{ name, shell, output string }

func readmeRuns(t *testing.T, file string) []readmeRun {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var runs []readmeRun
	for _, m := range readmeBlock.FindAllStringSubmatch(string(text), -1) {
		switch {
		case m[1] == "test":
			runs = append(runs, readmeRun{name: m[2], shell: m[3]})
		case len(runs) == 0 || runs[len(runs)-1].name != m[2]:
			t.Fatalf("%s: the output %q does not follow its test", file, m[2])
		default:
			runs[len(runs)-1].output = m[3]
		}
	}
	return runs
}

// The commands of the README do what it says, in its order, in a copy of the
// tree and on a free port in place of 3030.
func TestREADME(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs what the README shows; run without -short")
	}
	runs := readmeRuns(t, filepath.Join(root(t), "README.md"))
	if len(runs) < 5 || runs[0].name != "start" {
		t.Fatalf("the README has %d marked blocks; it begins with how to start", len(runs))
	}
	for _, program := range []string{"bash", "curl", "grep"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the README's commands need %s: %v", program, err)
		}
	}
	tree, port := copyTree(t), fmt.Sprint(freePort(t))
	env := []string{"METRICS_PORT=" + port, "XDG_CACHE_HOME=" + t.TempDir()}
	startREADME(t, tree, port, env, runs[0])
	for _, run := range runs[1:] {
		stdout, stderr, code := output(t, tree, append(env, goCaches(t)...), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(run.shell, "3030", port))
		if code != 0 {
			t.Errorf("%s: exit code %d\n%s%s", run.name, code, stdout, stderr)
		}
		if got := strings.ReplaceAll(stdout, port, "3030"); !shows(got, run.output) {
			t.Errorf("%s printed\n%s\nthe README says\n%s", run.name, got, run.output)
		}
	}
}

// goCaches keeps a changed XDG_CACHE_HOME from moving the go command's cache.
func goCaches(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"GOCACHE=" + strings.TrimSpace(string(out))}
}

// startREADME runs the command that does not end until it is told to. `go run`
// leaves its child alive when it is killed, so the whole group is.
func startREADME(t *testing.T, tree, port string, env []string, run readmeRun) {
	t.Helper()
	p := &process{t: t, lines: newTranscript(), done: make(chan struct{})}
	p.cmd = exec.Command("bash", "-c", "exec "+run.shell)
	p.cmd.Dir = tree
	p.cmd.Env = append(append(os.Environ(), env...), goCaches(t)...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.begin()
	t.Cleanup(func() {
		if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
			t.Errorf("Ctrl-C: %v", err)
		}
		<-p.done
		if text := p.lines.text(); !strings.Contains(text, "stopped") {
			t.Errorf("it did not stop as Ctrl-C should make it:\n%s", text)
		}
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			t.Error("something still listens")
		}
	})
	p.await("  call ")
	if got := strings.ReplaceAll(p.lines.text(), port, "3030"); !shows(got, run.output) {
		t.Errorf("%s printed\n%s\nthe README says\n%s", run.name, got, run.output)
	}
}

// shows reports whether the text is what the README promises.
func shows(got, want string) bool {
	if want == "" {
		return true
	}
	return showsLines(normal(got), normal(want))
}

func normal(text string) []string {
	text = duration.ReplaceAllString(strings.TrimSpace(text), "1s")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(spaces.ReplaceAllString(line, " "))
	}
	return lines
}

func showsLines(got, want []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case want[0] == "...":
		for i := range len(got) + 1 {
			if showsLines(got[i:], want[1:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && showsLine(got[0], want[0]) && showsLines(got[1:], want[1:])
}

func showsLine(got, want string) bool {
	parts := strings.Split(want, "…")
	if !strings.HasPrefix(got, parts[0]) {
		return false
	}
	got = got[len(parts[0]):]
	for i, part := range parts[1:] {
		at := strings.Index(got, part)
		if i == len(parts)-2 {
			at = strings.LastIndex(got, part)
		}
		if at < 0 {
			return false
		}
		got = got[at+len(part):]
	}
	return got == ""
}

// The comparison must be able to fail.
func TestShows(t *testing.T) {
	for _, c := range []struct {
		got, want string
		same      bool
	}{
		{"a\nb", "a\nb", true},
		{"a\nb", "a", false},
		{"a\nb\nc", "a\n...", true},
		{"a\nb\nc", "...\nc", true},
		{"a\nb\nc", "...\nb", false},
		{"ready after 4.2ms", "ready after 31ms", true},
		{`{node="dev-1"} 1`, `{node="…"} 1`, true},
		{`{node="dev-1"} 2`, `{node="…"} 1`, false},
		{"ab", "a", false},
	} {
		if shows(c.got, c.want) != c.same {
			t.Errorf("shows(%q, %q) = %v", c.got, c.want, !c.same)
		}
	}
}
