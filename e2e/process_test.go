package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// limit is how long a test waits for a process to do something before it fails.
// A healthy one takes milliseconds; `go run` compiles it first, on a machine that
// may have much else to do.
const limit = 3 * time.Minute

// process is a running binary under test.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	admin string // base URL of its admin server, once ready
	lines *transcript
	done  chan struct{}
}

// start runs a binary with a config file of the given content, on a free
// admin port, and returns immediately.
func start(t testing.TB, path, config string, env ...string) *process {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return startIn(t, dir, path, env...)
}

func startIn(t testing.TB, dir, path string, env ...string) *process {
	t.Helper()
	p := &process{t: t, lines: newTranscript(), done: make(chan struct{})}
	p.cmd = exec.Command(path)
	p.cmd.Dir = dir
	p.cmd.Env = append(environment(t), env...)
	p.begin()
	t.Cleanup(p.kill)
	return p
}

// begin starts the command and reads what it prints.
func (p *process) begin() {
	p.t.Helper()
	reader, writer := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go p.lines.read(reader)
	go func() { p.cmd.Wait(); writer.Close(); close(p.done) }()
}

// environment is the test's own without any setting of the orchestrator, with
// a free admin port and a private place for run files.
func environment(t testing.TB) []string {
	env := []string{"METRICS_PORT=0", "XDG_CACHE_HOME=" + t.TempDir()}
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "PATH", "HOME", "TMPDIR", "GOCACHE", "GOMODCACHE", "GOPATH", "GOFLAGS", "GOPROXY":
			env = append(env, kv)
		}
	}
	return env
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.done
	if p.t.Failed() {
		p.t.Logf("output of %s:\n%s", filepath.Base(p.cmd.Path), p.lines.text())
	}
}

// ready waits until the process says that it is ready and learns its admin
// address from that line.
func (p *process) ready() *process {
	p.t.Helper()
	line := p.await("metrics      http://", "metrics=http://")
	_, rest, _ := strings.Cut(line, "http://")
	host, _, _ := strings.Cut(rest, "/")
	p.admin = "http://" + host
	return p
}

// await waits for a line with one of the texts in it.
func (p *process) await(texts ...string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), limit)
	defer cancel()
	line, err := p.lines.await(ctx, texts)
	if err != nil {
		p.t.Fatalf("no line with %q: %v\n%s", texts, err, p.lines.text())
	}
	return line
}

// exit waits for the end of the process and returns its exit code.
func (p *process) exit() int {
	p.t.Helper()
	select {
	case <-p.done:
		<-p.lines.closed
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		p.t.Fatalf("still running after %s:\n%s", limit, p.lines.text())
		return -1
	}
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// call posts a request to the process, as its console and `call` do.
func (p *process) call(action string, request any) (status int, body []byte, err error) {
	data, err := json.Marshal(request)
	if err != nil {
		return 0, nil, err
	}
	res, err := http.Post(p.admin+"/debug/call/"+action, "application/json", bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, body, err
}

// get returns the status and body of a path of the admin server.
func (p *process) get(path string) (int, string) {
	p.t.Helper()
	res, err := http.Get(p.admin + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// transcript keeps what a process prints and wakes those who wait for a line.
type transcript struct {
	mu     sync.Mutex
	lines  []string
	more   chan struct{}
	closed chan struct{}
}

func newTranscript() *transcript {
	return &transcript{more: make(chan struct{}), closed: make(chan struct{})}
}

func (tr *transcript) read(r io.Reader) {
	defer close(tr.closed)
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		tr.mu.Lock()
		tr.lines = append(tr.lines, scan.Text())
		close(tr.more)
		tr.more = make(chan struct{})
		tr.mu.Unlock()
	}
	io.Copy(io.Discard, r)
}

func (tr *transcript) text() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return strings.Join(tr.lines, "\n")
}

func (tr *transcript) await(ctx context.Context, texts []string) (string, error) {
	for seen := 0; ; {
		tr.mu.Lock()
		fresh, more := tr.lines[seen:], tr.more
		seen = len(tr.lines)
		tr.mu.Unlock()
		for _, line := range fresh {
			for _, text := range texts {
				if strings.Contains(line, text) {
					return line, nil
				}
			}
		}
		select {
		case <-more:
		case <-ctx.Done():
			return "", ctx.Err()
		case <-tr.closed:
			if tr.quiet(seen) {
				return "", fmt.Errorf("the process ended")
			}
		}
	}
}

// quiet reports whether nothing came after the first n lines.
func (tr *transcript) quiet(n int) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return len(tr.lines) == n
}

func asExit(err error, target **exec.ExitError) bool { return errors.As(err, target) }
