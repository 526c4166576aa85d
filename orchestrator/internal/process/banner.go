package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
)

// announce says once that the process is ready: to a person as a banner that
// shows what to do next, to a log as one line.
func (p *process) announce() {
	found := p.remember()
	took := time.Since(p.Begun)
	enabled := serviceNames(p.plan.services)
	s := p.plan.settings
	if s.Environment == config.Production {
		p.log.Info("ready", "variant", p.Manifest.Variant, "transport", s.Transporter.String(), "namespace", s.Namespace,
			"environment", s.Environment, "count", len(enabled), "services", Names(enabled), "admin", p.run.Admin, "took", took)
	} else {
		// A banner that cannot be written is no reason not to serve.
		_, _ = p.Stdout.Write(p.banner(enabled, took, found))
	}
	p.Ready(p.run.Admin)
}

func (p *process) banner(enabled []string, took time.Duration, found bool) []byte {
	var b bytes.Buffer
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "  %-12s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "\n%s is ready, %s after it began\n\n", p.Manifest.Variant, took.Round(100*time.Microsecond))
	line("services", "%d: %s", len(enabled), Names(enabled))
	line("transport", "%s, namespace %s", p.plan.settings.Transporter, p.plan.settings.Namespace)
	line("environment", "%s", p.plan.settings.Environment)
	if action, ok := p.showcase(); ok {
		line("call", "%s", p.callLine(action, found))
	}
	line("metrics", "%s/metrics", p.run.Admin)
	line("stop", "Ctrl-C, or kill %d; once more ends it immediately", p.run.PID)
	b.WriteByte('\n')
	return b.Bytes()
}

// showcase is the action to try first: one with an example, of the last service
// in start order that has any, since that one calls the others.
func (p *process) showcase() (bus.ActionInfo, bool) {
	all := p.node.Actions()
	for _, d := range slices.Backward(p.plan.services) {
		for _, a := range all {
			if a.Service == d.Name && a.Handled && len(a.Example) > 0 {
				return a, true
			}
		}
	}
	return bus.ActionInfo{}, false
}

// callLine is a command that works as it stands, in another shell.
func (p *process) callLine(a bus.ActionInfo, found bool) string {
	line := p.Invoke + " call "
	if !found {
		line += "--admin " + p.run.Admin + " "
	}
	return line + a.Name + " " + shellQuoted(a.Example)
}

// shellQuoted is JSON as one word of a POSIX shell.
func shellQuoted(body json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, body) != nil {
		b.Reset()
		b.Write(body)
	}
	return "'" + strings.ReplaceAll(b.String(), "'", `'\''`) + "'"
}
