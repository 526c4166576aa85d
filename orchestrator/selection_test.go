package orchestrator_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
)

// Proves: C9 (decision D2): only what is asked for runs.
func TestServicesAreNarrowed(t *testing.T) {
	j := &journal{}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j}, &fixture{name: "payments", journal: j},
		&fixture{name: "pricing", journal: j, calls: []string{"apps"}})).set("ORCHESTRATOR_SERVICES=pricing, apps")
	url := r.start()
	ready, err := client.Ready(t.Context(), url, client.Options{})
	if err != nil || len(ready.Services) != 2 {
		t.Errorf("%+v, %v", ready, err)
	}
	r.want(r.stop(), 0)
	j.want(t, "start apps", "start pricing", "stop pricing", "stop apps")
}

// Proves: C9 (decision D2): a name that is not linked, with what is, and the
// command that gives it.
func TestServiceThatIsNotLinked(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "pricing"})).config(`
orchestrator:
  services: [apps, pricing]
  transports: [memory]
  standalone: [checkout]
`).set("ORCHESTRATOR_SERVICES=apps,checkout,pircing,search")
	r.want(r.run(), 1,
		`the service "checkout", which is not linked into this program (variant dev)`,
		"the variant checkout has it: ORCHESTRATOR_SERVICES= go run ./orchestrator/cmd/checkout",
		`did you mean "pricing"?`, "linked: apps, pricing", "to run that: ORCHESTRATOR_SERVICES=apps,pricing bin/shop\n",
		"if there is such a service, add search to the services of dev in "+filepath.Join(r.options.Dir, "config.yml")+" and run: go generate ./...")
}

// Whoever runs with Bazel gets Bazel's command.
func TestVariantThatHasItWithBazel(t *testing.T) {
	r := newRig(t, binary(t, "small", &fixture{name: "apps"}), "check").config(`
orchestrator:
  services: [apps, pricing]
  transports: [memory]
  variants: {small: {services: [apps]}}
`).set("ORCHESTRATOR_SERVICES=pricing", "BUILD_WORKING_DIRECTORY=/elsewhere")
	r.want(r.run(), 1, "the variant dev has it: ORCHESTRATOR_SERVICES= bazel run //orchestrator:dev --")
}

// Settings of a misspelt service would be in vain without a word. Those of a
// service that another program links are none of ours.
func TestSettingsOfAMisspeltService(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "pricing"}), "check").config(`
orchestrator: {services: [apps, pricing], transports: [memory], standalone: [checkout]}
services:
  priceing: {max_codes: 3}
  checkout: {port: 10002}
  search: {}
  chekout: {}
environments: {production: {services: {appps: {}}}}
`)
	r.want(r.run(), 1,
		"config.yml:4:3: services.priceing: there is no such service\n", `did you mean "pricing"?`,
		"config.yml:8:40: services.appps: there is no such service\n", `did you mean "apps"?`,
		`config.yml:7:3: services.chekout is not read, because there is no such service; did you mean "checkout"?`)
	if found := lines(r.stderr, "config.yml:"); len(found) != 3 {
		t.Errorf("found %q", found)
	}
	r = newRig(t, r.binary, "check").config("services: {appps: {}}\n") // which services there are, nobody knows
	r.want(r.run(), 0, `warning: `, `services.appps is not read`)
}

// A service whose callee is linked and not enabled can only fail on the memory
// bus.
func TestCalleeThatIsNotEnabled(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "payments"},
		&fixture{name: "pricing", calls: []string{"apps"}})).set("ORCHESTRATOR_SERVICES=pricing,payments")
	r.want(r.run(), 1, `the service "pricing" calls "apps", which is linked but not enabled`,
		"ORCHESTRATOR_SERVICES=apps,payments,pricing bin/shop")
}

// A callee in another process is out of reach of the memory bus, which is told.
func TestRemoteCalleeOnTheMemoryBus(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "checkout", remote: []string{"pricing"}}))
	r.start()
	r.want(r.stop(), 0, "the service checkout calls pricing, which another process serves")
}

// A program that is not what config.yml says: development refuses, production
// warns and counts.
func TestStaleSelection(t *testing.T) {
	j := &journal{}
	stale := "orchestrator: {services: [apps, pricing], transports: [memory]}"
	r := newRig(t, binary(t, "dev", &fixture{name: "apps", journal: j})).config(stale)
	r.want(r.run(), 1, "pricing is in config.yml but not in this binary", "go generate ./...")
	j.want(t)

	r = newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").config(stale).set("NODE_ENV=production")
	r.want(r.run(), 0, "warning: this program is not the one that config.yml describes; generate and build it again: pricing is in config.yml")

	r = newRig(t, binary(t, "dev", &fixture{name: "apps"})).config(stale).set("NODE_ENV=production")
	url := r.start()
	if metrics := get(t, url+"/metrics"); !strings.Contains(metrics, "\norchestrator_selection_stale 1\n") {
		t.Error("orchestrator_selection_stale is not 1")
	}
	r.want(r.stop(), 0, "pricing is in config.yml but not in this binary", "WARN")

	r = newRig(t, binary(t, "other", &fixture{name: "apps"})).config(stale)
	r.want(r.run(), 1, "it has no variant other; it has dev")

	r = newRig(t, binary(t, "dev", &fixture{name: "apps"})).config("orchestrator: {log_level: info}")
	url = r.start()
	if metrics := get(t, url+"/metrics"); !strings.Contains(metrics, "\norchestrator_selection_stale 0\n") {
		t.Error("a file that selects nothing makes the program stale")
	}
	r.want(r.stop(), 0)
}

// A manifest that was not generated with the services is noticed.
func TestManifestAndServicesMustAgree(t *testing.T) {
	b := binary(t, "dev", &fixture{name: "apps"}, &fixture{name: "pricing"})
	b.Services = b.Services[:1]
	r := newRig(t, b)
	r.want(r.run(), 1, "manifest.json lists apps, pricing but services_gen.go links apps", "go generate ./...")
	b.Manifest = bytes.TrimSpace([]byte("{}"))
	r = newRig(t, b)
	r.want(r.run(), 1, "the embedded manifest cannot be used")
}
