package testnats

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// childVariable makes a test binary run a NATS server instead of its tests. It
// holds the client port, the monitoring port and the directory for files.
const childVariable = "ORCHESTRATOR_TESTNATS"

// Child runs the server of [StartProcess] and does not return in the process
// that was started for it. A TestMain calls it first.
func Child() {
	value := os.Getenv(childVariable)
	if value == "" {
		return
	}
	fields := strings.SplitN(value, " ", 3)
	port, err := strconv.Atoi(fields[0])
	if err != nil || len(fields) != 3 {
		fail(fmt.Errorf("%s is %q", childVariable, value))
	}
	monitor, err := strconv.Atoi(fields[1])
	if err != nil {
		fail(err)
	}
	srv, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: port, HTTPHost: "127.0.0.1", HTTPPort: monitor,
		NoLog: true, NoSigs: true, StoreDir: fields[2],
	})
	if err != nil {
		fail(err)
	}
	srv.Start()
	if !srv.ReadyForConnections(startTime) {
		fail(fmt.Errorf("not ready after %s", startTime))
	}
	fmt.Println("ready")
	srv.WaitForShutdown()
	os.Exit(0)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "the NATS server of a test:", err)
	os.Exit(1)
}

// Process is a NATS server in a process of its own, which can be killed.
type Process struct {
	t             testing.TB
	port, monitor int
	dir           string
	cmd           *exec.Cmd
}

// StartProcess runs a server as a child. It is killed when the test ends.
func StartProcess(t testing.TB) *Process {
	t.Helper()
	p := &Process{t: t, port: freePort(t), monitor: freePort(t), dir: t.TempDir()}
	p.Restart()
	t.Cleanup(p.Kill)
	return p
}

// URL is the address of the server for clients.
func (p *Process) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", p.port) }

// Pid is the process id of the server.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Restart brings the server up, on the port it had.
func (p *Process) Restart() {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d %s", childVariable, p.port, p.monitor, p.dir))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	if _, err := fmt.Fscanln(out, new(string)); err != nil {
		p.t.Fatalf("the NATS server did not start: %v", err)
	}
}

// Kill ends the server with SIGKILL.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	_ = p.cmd.Wait()
}

// Subscriptions counts the server's subscriptions of a subject.
func (p *Process) Subscriptions(t testing.TB, subject string) int {
	t.Helper()
	res, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/subsz?subs=1&limit=10000", p.monitor))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	var answer struct {
		Subs []struct {
			Subject string `json:"subject"`
		} `json:"subscriptions_list"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, s := range answer.Subs {
		if s.Subject == subject {
			count++
		}
	}
	return count
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
