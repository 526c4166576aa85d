package orchestrator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
