package orchestrator_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/orchestrator/admin"
)

// The call command sends the token that a process off loopback asks for.
func TestCallOffLoopbackNeedsTheToken(t *testing.T) {
	const token = "ADMIN_TOKEN=0123456789abcdef0123456789abcdef"
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle})).set("ADMIN_ADDRESS=0.0.0.0", token)
	url := r.start()
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("found at %s, but where IPv6 is switched off only 127.0.0.1 answers", url)
	}

	for _, where := range [][]string{nil, {"--admin", url}} {
		args := append([]string{"call", "echo.echo", `{"text":"hi"}`}, where...)
		with := r.again(args...)
		with.want(with.run(), 0)
		with.says(with.stdout, `"text": "hi"`)

		without := r.again(args...).set("ADMIN_TOKEN=")
		without.want(without.run(), 1, "send the admin token")
	}
	r.want(r.stop(), 0)
}

// The token in config.yml is for the processes of this installation: it does not
// go to an address that was typed.
func TestTheTokenInTheFileGoesNowhereElse(t *testing.T) {
	sent := make(chan string, 10)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent <- r.Header.Get("Authorization")
		w.WriteHeader(http.StatusTeapot)
	}))
	defer elsewhere.Close()
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle}))
	r.config("orchestrator:\n  services: [echo]\n  admin_token: 0123456789abcdef0123456789abcdef\n")
	again := r.again("call", "echo.echo", "{}", "--admin", elsewhere.URL)
	again.want(again.run(), 1)
	if got := <-sent; got != "" {
		t.Errorf("sent %q", got)
	}
}

// somewhere is a program that is no process of ours and notes what it is sent: first it
// asks for the token, as ours do.
func somewhere(t *testing.T, asks bool) (url string, sent chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return noting(t, l, asks)
}

func noting(t *testing.T, l net.Listener, asks bool) (url string, sent chan string) {
	t.Helper()
	sent = make(chan string, 10)
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent <- r.Header.Get("Authorization")
		w.Header().Set("Server", admin.ServerName)
		if asks {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})}}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, sent
}

// The token goes to nobody who does not ask for it, also where its user said to call.
func TestTheTokenIsSentWhenItIsAskedFor(t *testing.T) {
	const token = "0123456789abcdef0123456789abcdef"
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle}))
	for _, asks := range []bool{false, true} {
		url, sent := somewhere(t, asks)
		call := r.again("call", "--admin", url, "echo.echo", "{}").set("ADMIN_TOKEN=" + token + "\n")
		call.run()
		want := []string{""}
		if asks {
			want = append(want, "Bearer "+token)
		}
		close(sent)
		var got []string
		for header := range sent {
			got = append(got, header)
		}
		if !slices.Equal(got, want) {
			t.Errorf("asks %v: sent %q, want %q", asks, got, want)
		}
	}
}

// What is typed wrong is said to be wrong, instead of the process.
func TestCallThatNamesNothing(t *testing.T) {
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle}))
	url := r.start()
	empty := r.again("call", "")
	empty.want(empty.run(), 64, "the name of the action is missing")
	dots := r.again("call", "..")
	dots.want(dots.run(), 1, `".." is no name of an action`)
	path := r.again("call", "--admin", url+"/x", "echo.echo", "{}")
	path.want(path.run(), 1, "the admin URL has the path /x")
	secret := r.again("call", "--admin", "http://127.0.0.1:1?token=hunter2", "echo.echo", "{}")
	secret.want(secret.run(), 1, "the admin URL is not one")
	if strings.Contains(secret.stderr.String(), "hunter2") {
		t.Errorf("shown: %s", secret.stderr)
	}
	r.want(r.stop(), 0)
}

// A folder of run files that somebody else could write to keeps nobody from calling.
func TestCallWithRunFilesThatAreNotBelieved(t *testing.T) {
	_, handle := echo("echo")
	r := newRig(t, binary(t, "dev", &fixture{name: "echo", make: handle}))
	r.set("METRICS_PORT=" + freePort(t))
	r.config("orchestrator:\n  services: [echo]\n  transports: [memory]\n  metrics_port: " + r.env["METRICS_PORT"] + "\n")
	r.start()
	if err := os.Mkdir(filepath.Join(r.options.RunDir, "y.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	call := r.again("call", "echo.echo", `{"text":"hi"}`)
	call.want(call.run(), 0)
	if err := os.Chmod(r.options.RunDir, 0o777); err != nil {
		t.Fatal(err)
	}
	call = r.again("call", "echo.echo", `{"text":"hi"}`)
	call.want(call.run(), 0, "others may write to "+r.options.RunDir)
	r.want(r.stop(), 0)
}
