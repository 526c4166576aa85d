package orchestrator_test

import "testing"

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
