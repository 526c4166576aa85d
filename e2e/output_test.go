//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// piped starts the fixture with both of its files on one pipe, as `2>&1 | tee log`
// does, and waits until it is ready. Nothing is read of the pipe but its beginning.
func piped(t *testing.T) (p *process, reader *os.File) {
	t.Helper()
	dir, port := t.TempDir(), freePort(t)
	if err := os.WriteFile(dir+"/config.yml", []byte(selection("")), 0o600); err != nil {
		t.Fatal(err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	p = &process{t: t, lines: newTranscript(), done: make(chan struct{}), admin: fmt.Sprint("http://127.0.0.1:", port)}
	p.cmd = exec.Command(binary(t, fixtureDev))
	p.cmd.Dir, p.cmd.Env = dir, append(environment(t), fmt.Sprint("METRICS_PORT=", port))
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	close(p.lines.closed)
	go func() { p.cmd.Wait(); close(p.done) }()
	t.Cleanup(p.kill)
	var seen strings.Builder
	for buffer := make([]byte, 4096); !strings.Contains(seen.String(), "Ctrl-C"); {
		n, err := reader.Read(buffer)
		if err != nil {
			t.Fatalf("%v after %s", err, seen.String())
		}
		seen.Write(buffer[:n])
	}
	return p, reader
}

// Ctrl-C ends the whole pipeline: the reader goes first, and the process drains all
// the same.
func TestReaderOfTheOutputGoesFirst(t *testing.T) {
	p, reader := piped(t)
	answers := p.callAsync("slow.wait", map[string]int{"milliseconds": 700})
	waitInFlight(t, p, "slow.wait")
	reader.Close()
	p.signal(syscall.SIGINT)
	if a := <-answers; a.err != nil || a.status != http.StatusOK {
		t.Errorf("the call in flight ended with %d %q %v", a.status, a.body, a.err)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

// A reader that stalls holds up no call, no probe and no stop.
func TestReaderOfTheOutputStalls(t *testing.T) {
	p, _ := piped(t)
	client := http.Client{Timeout: 10 * time.Second}
	for range 1000 { // more lines than a pipe holds
		res, err := client.Post(p.admin+"/debug/call/slow.wait", "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

// A terminal that closes stops the process; nohup keeps it.
func TestTerminalThatCloses(t *testing.T) {
	p := start(t, binary(t, fixtureDev), selection("")).ready()
	p.signal(syscall.SIGHUP)
	if code := p.exit(); code != 0 || !strings.Contains(p.lines.text(), "slow is stopping") {
		t.Errorf("exit code %d, want 0", code)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/config.yml", []byte(selection("")), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := &process{t: t, lines: newTranscript(), done: make(chan struct{})}
	kept.cmd = exec.Command("sh", "-c", `trap "" HUP; exec "$0"`, binary(t, fixtureDev))
	kept.cmd.Dir, kept.cmd.Env = dir, environment(t)
	kept.begin()
	t.Cleanup(kept.kill)
	kept.ready().signal(syscall.SIGHUP)
	if status, _ := kept.get("/readyz"); status != http.StatusOK {
		t.Errorf("ready is %d after a hangup that nohup ignores", status)
	}
	kept.signal(syscall.SIGTERM)
	if code := kept.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}
