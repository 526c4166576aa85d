package orchestrator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/shopanaio/orchestrator/orchestrator/internal/runfile"
)

// Port 0 says that the process has a port, and not which: its run file does.
func TestCallOnAFreePort(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}))
	r.start()
	call := r.again("call", "apps.echo", `{"text":"hi"}`).set("METRICS_PORT=0")
	call.want(call.run(), 0)
	call.says(call.stdout, `"text": "hi"`)
	r.want(r.stop(), 0)
	call = r.again("call", "apps.echo", "{}").set("METRICS_PORT=0")
	call.want(call.run(), 1, "no process of the variant dev is known to run", "to start one: bin/shop")
}

// Which of two processes is meant is for the user to say; when one has stopped
// the other is found.
func TestCallWithTwoProcesses(t *testing.T) {
	_, handle := echo("apps")
	first := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle})).set("ORCHESTRATOR_NODE_ID=first")
	firstURL := first.start()
	first.says(first.stdout, "bin/shop call apps.echo")
	second := first.again().set("METRICS_PORT=0", "ORCHESTRATOR_NODE_ID=second")
	secondURL := second.start()
	second.says(second.stdout, "bin/shop call --admin "+secondURL+" apps.echo")

	call := first.again("call", "apps.echo", `{"text":"hi"}`)
	call.want(call.run(), 1, "2 processes of the variant dev run; say which one to call",
		fmt.Sprintf("--admin %s  (node first, pid %d)", firstURL, os.Getpid()),
		fmt.Sprintf("--admin %s  (node second, pid %d)", secondURL, os.Getpid()))
	call = first.again("call", "--admin", firstURL, "apps.echo", `{"text":"hi"}`)
	call.want(call.run(), 0)

	second.want(second.stop(), 0)
	call = first.again("call", "apps.echo", `{"text":"hi"}`)
	call.want(call.run(), 0)
	first.want(first.stop(), 0)
}

// A process that was killed leaves its run file, and its id and its port may be
// another program's by now.
func TestCallPassesByWhatIsNotTheProcess(t *testing.T) {
	_, handle := echo("apps")
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", make: handle}))
	url := r.start()
	other := newRig(t, binary(t, "other", &fixture{name: "apps", make: handle}))
	otherURL := other.start()
	sent := make(chan string, 10)
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		sent <- r.Header.Get("Authorization")
	}))
	defer stranger.Close()
	for _, at := range []string{"http://127.0.0.1:" + freePort(t), stranger.URL, otherURL, url} {
		file, err := runfile.Write(r.options.RunDir, runfile.Entry{PID: os.Getppid(), Node: "gone", Admin: at, Variant: "dev"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Remove() }()
	}
	call := r.again("call", "apps.echo", `{"text":"hi"}`).set("ADMIN_TOKEN=0123456789abcdef0123456789abcdef")
	call.want(call.run(), 0)
	call.says(call.stdout, `"text": "hi"`)
	if got := <-sent; got != "" {
		t.Errorf("the stranger was sent the token %q", got)
	}
	r.want(r.stop(), 0)
	other.want(other.stop(), 0)
}
