//go:build unix

package orchestrator_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// ends waits for the end of a program that nothing may hold up.
func (r *rig) ends() int {
	r.t.Helper()
	select {
	case code := <-r.code:
		return code
	case <-time.After(10 * time.Second):
		r.t.Fatalf("the program does not end:\n%s", r.stderr)
		return -1
	}
}

// A signal ends a program that hangs at reading its settings.
func TestSignalWhileSettingsHang(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}))
	fifo := filepath.Join(r.options.Dir, "settings")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // lets the reader go
		if f, err := os.OpenFile(fifo, os.O_RDWR, 0); err == nil {
			_ = f.Close()
		}
	})
	r.set("CONFIG_FILE=" + fifo).begin()
	r.signals <- syscall.SIGTERM
	r.want(r.ends(), 143, "the start was called off: received SIGTERM")
}

// A signal ends a program whose constructor hangs, and the service is named.
func TestSignalWhileAConstructorHangs(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{
		name: "pricing", make: func(*bus.Bus, *service.Group) error { close(inside); <-release; return nil },
	}))
	r.begin()
	<-inside
	r.signals <- syscall.SIGHUP
	r.want(r.ends(), 129, `service "pricing" could not be constructed: the start was called off: received SIGHUP`,
		`phase=construct`)
}

// A terminal that closes stops a running process like the other signals.
func TestHangupIsAStop(t *testing.T) {
	j := &journal{}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}))
	r.start()
	r.signals <- syscall.SIGHUP
	r.want(r.ends(), 0, "received SIGHUP")
	j.want(t, "start apps", "stop apps")
}

// With an absolute CONFIG_FILE nobody asks where the program was started, which may
// be nowhere any more.
func TestWorkingDirectoryThatIsGone(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").config(memoryOnly)
	r.set("CONFIG_FILE=" + filepath.Join(r.options.Dir, "config.yml"))
	gone := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(gone)
	t.Setenv("PWD", "")
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	r.options.Dir = ""
	r.want(r.run(), 0)
	r.set("CONFIG_FILE=config.yml")
	r.want(r.run(), 1, "find config.yml")
}

// Half a request and a profile that is being taken are no failure of a stop, and do
// not hold it up; a call that is cut off makes it one, in the time it may take.
func TestStopTakesItsTimeAtMost(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	slow := bus.NewAction[Text, Text]("apps.slow")
	apps := &fixture{name: "apps", options: []service.Option{service.StopBudget(20 * time.Millisecond)}}
	apps.make = func(b *bus.Bus, _ *service.Group) error {
		slow.Handle(b, func(context.Context, Text) (Text, error) { close(inside); <-release; return Text{}, nil })
		return nil
	}
	for _, stuck := range []bool{false, true} {
		r := newRig(t, binary(t, "dev", apps)).config("orchestrator: {services: [apps], transports: [memory], drain_timeout: 20ms}")
		url := r.start()
		half, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := half.Write([]byte("POST /debug/call/apps.slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")); err != nil {
			t.Fatal(err)
		}
		res, err := http.Get(url + "/debug/pprof/trace?seconds=60")
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		if stuck {
			want = 1
			go func() { _, _ = call(t, url, "apps.slow", `{}`) }()
			<-inside
		}
		begun := time.Now()
		r.signals <- syscall.SIGTERM
		// drain_timeout, the stop of apps and 5 s
		r.want(r.ends(), want, "within=5.04s")
		if took := time.Since(begun); took > 5040*time.Millisecond {
			t.Errorf("the stop took %s", took)
		}
		_, _ = half.Close(), res.Body.Close()
	}
	close(release)
}
