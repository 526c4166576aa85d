package orchestrator_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/orchestrator"
)

// output is a buffer that several goroutines may write to and read.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// rig is a program with surroundings of its own.
type rig struct {
	t              testing.TB
	binary         orchestrator.Binary
	options        orchestrator.Options
	env            map[string]string
	stdout, stderr *output
	signals        chan os.Signal
	ready          chan string
	code           chan int
}

func newRig(t testing.TB, b orchestrator.Binary, args ...string) *rig {
	r := &rig{
		t: t, binary: b, env: map[string]string{"METRICS_PORT": "0"},
		stdout: &output{}, stderr: &output{}, signals: make(chan os.Signal, 2),
		ready: make(chan string, 1), code: make(chan int, 1),
	}
	if args == nil {
		args = []string{}
	}
	r.options = orchestrator.Options{
		Args: args, Program: "bin/shop", Dir: t.TempDir(), RunDir: filepath.Join(t.TempDir(), "run"),
		Env:    func(name string) (string, bool) { v, ok := r.env[name]; return v, ok },
		Stdout: r.stdout, Stderr: r.stderr, Signals: r.signals, Stdin: strings.NewReader(""),
		Ready: func(url string) { r.ready <- url },
	}
	return r
}

// config puts a config.yml where the program looks first.
func (r *rig) config(text string) *rig {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.options.Dir, "config.yml"), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return r
}

func (r *rig) set(env ...string) *rig {
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		r.env[name] = value
	}
	return r
}

// run runs the program to its end.
func (r *rig) run() int {
	return orchestrator.Run(r.t.Context(), r.binary, r.options)
}

// start runs the program until it is ready and returns its admin server's URL.
func (r *rig) start() string {
	r.t.Helper()
	r.begin()
	select {
	case url := <-r.ready:
		until(r.t, "the announcement", func() bool {
			return strings.Contains(r.stdout.String(), "Ctrl-C") || strings.Contains(r.stderr.String(), `"msg":"ready"`)
		})
		return url
	case code := <-r.code:
		r.t.Fatalf("the start ended with code %d:\n%s", code, r.stderr)
		return ""
	}
}

func (r *rig) begin() {
	go func() { r.code <- r.run() }()
}

// stop sends a signal and waits for the exit code.
func (r *rig) stop() int {
	r.signals <- syscall.SIGTERM
	return <-r.code
}

// again is another invocation of the same program in the same place.
func (r *rig) again(args ...string) *rig {
	other := newRig(r.t, r.binary, args...)
	other.options.Dir, other.options.RunDir = r.options.Dir, r.options.RunDir
	other.env = maps.Clone(r.env)
	delete(other.env, "METRICS_PORT")
	return other
}

// want checks an exit code and texts that stderr must hold.
func (r *rig) want(code, want int, texts ...string) {
	r.t.Helper()
	if code != want {
		r.t.Errorf("exit code %d, want %d", code, want)
	}
	r.says(r.stderr, texts...)
}

func (r *rig) says(o *output, texts ...string) {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.String(), text) {
			r.t.Errorf("%q is missing in:\n%s", text, o)
		}
	}
}

// freePort is a port that nobody listens on at the moment.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// taken tells whether somebody listens on a port.
func taken(t testing.TB, port string) bool {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		return true
	}
	_ = l.Close()
	return false
}

// nobodyListens fails if the port is not free again.
func nobodyListens(t testing.TB, port string) {
	t.Helper()
	if taken(t, port) {
		t.Errorf("something still listens on port %s", port)
	}
}

// until waits for a condition that another goroutine brings about.
func until(t testing.TB, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("waited 10 s for: " + what)
		}
	}
}

func lines(o *output, with string) []string {
	var all []string
	for line := range strings.Lines(o.String()) {
		if strings.Contains(line, with) {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

func figure(t testing.TB, id, format string, args ...any) {
	t.Helper()
	t.Logf("FIGURE %s %s", id, fmt.Sprintf(format, args...))
}

func runWith(ctx context.Context, r *rig) int {
	return orchestrator.Run(ctx, r.binary, r.options)
}

func get(t testing.TB, url string) string { t.Helper(); return ask(t, url) }

// ask is a request with headers, given as name, value pairs.
func ask(t testing.TB, url string, header ...string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
