package orchestrator_test

import (
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
