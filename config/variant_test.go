package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines renders variants one a line, to compare them.
func lines(t *testing.T, f *File) []string {
	t.Helper()
	variants, err := f.Variants()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range variants {
		line := v.Name + ": " + strings.Join(values(v.Services), " ") + " | " + strings.Join(values(v.Transports), " ")
		if v.PluginsSet {
			line += " | plugins " + strings.Join(values(v.Plugins), " ")
		}
		if len(v.Remote) > 0 {
			line += " | remote " + strings.Join(values(v.Remote), " ")
		}
		if v.Standalone {
			line += " | standalone"
		}
		if v.AllowStandalone {
			line += " | allowed"
		}
		if v.External != nil {
			line += fmt.Sprint(" | ", v.External)
		}
		out = append(out, line)
	}
	return out
}

func compareLines(t *testing.T, text string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(t, mustParse(t, text))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Proves: C1, C8, C11 (what a selection resolves to).
func TestSeedSectionIsTheVariantDev(t *testing.T) {
	compareLines(t, `
orchestrator:
  mode: orchestrator
  services: [apps, payments, inventory, delivery, pricing]
  standalone: [checkout, orders]
  variants:
    orchestrator-minimal: {services: [apps, pricing], transports: [memory], plugins: [simple-promo]}
    all-in-one: {extends: dev, add: [checkout, orders], allow_standalone: true}
`,
		"dev: apps payments inventory delivery pricing | memory nats",
		"all-in-one: apps payments inventory delivery pricing checkout orders | memory nats | allowed",
		"checkout: checkout | memory nats | standalone",
		"orchestrator-minimal: apps pricing | memory | plugins simple-promo",
		"orders: orders | memory nats | standalone",
	)
}

func TestExtendsInheritsWhatIsNotStated(t *testing.T) {
	compareLines(t, `
orchestrator:
  services: [payments]
  plugins: [catalog]
  transports: [memory]
  remote: [apps, pricing]
  external: {loyalty: {import: example.org/loyalty}, unused: {import: example.org/unused}}
  variants:
    c: {extends: b, remove: [payments], plugins: [], transports: [nats, memory]}
    b: {extends: dev, add: [apps, loyalty]}
    apart: {services: [pricing]}
`,
		"dev: payments | memory | plugins catalog | remote apps pricing",
		"apart: pricing | memory nats",
		"b: payments apps loyalty | memory | plugins catalog | remote pricing | map[loyalty:example.org/loyalty]",
		"c: apps loyalty | nats memory | plugins  | remote pricing | map[loyalty:example.org/loyalty]",
	)
}

func TestModeStandaloneMakesDependenciesRemote(t *testing.T) {
	compareLines(t, "orchestrator: {mode: standalone, services: [pricing]}", "dev: pricing | memory nats | standalone")
}

func TestDevMayStandUnderVariants(t *testing.T) {
	compareLines(t, "orchestrator: {variants: {a: {services: [pricing]}, dev: {services: [apps]}}}",
		"dev: apps | memory nats", "a: pricing | memory nats")
}

// Proves: C8.
func TestStandaloneNextToOthers(t *testing.T) {
	const head = "orchestrator:\n  standalone: [checkout]\n  variants:\n"
	for _, accepted := range []string{
		"    a: {services: [checkout]}\n",
		"    a: {services: [checkout, apps], allow_standalone: true}\n",
		"    a: {services: [apps]}\n    b: {extends: a, add: [checkout], allow_standalone: true}\n    c: {extends: b, add: [pricing]}\n",
	} {
		mustParse(t, head+accepted)
	}
	for _, refused := range []string{
		"    a: {services: [checkout, apps]}\n",
		"    a: {services: [checkout, apps], allow_standalone: false}\n",
		"    a: {services: [apps, checkout], allow_standalone: true}\n    b: {extends: a, allow_standalone: false}\n",
		"    a: {services: [apps, checkout]}\n    b: {extends: a, add: [pricing]}\n",
	} {
		problems := problemsOf(t, head+refused)
		if len(problems) != 1 || problems[0].Code != "standalone" || !strings.Contains(problems[0].Help, "go run ./orchestrator/cmd/checkout") {
			t.Errorf("%s: %v", refused, problems)
		}
	}
}

func TestVariantsAreTheCallersOwn(t *testing.T) {
	f := mustParse(t, "orchestrator: {services: [apps], external: {apps: {import: example.org/apps}}}")
	first, _ := f.Variants()
	first[0].Services[0].Value = "changed"
	first[0].External["apps"] = "changed"
	second, _ := f.Variants()
	if second[0].Services[0].Value != "apps" || second[0].External["apps"] != "example.org/apps" {
		t.Errorf("a change of the result reached the file: %v", second)
	}
}

// Comments, order and unrelated parts do not change what a selection asks for.
func TestDigestIsCanonical(t *testing.T) {
	digest := func(text string) string {
		variants, err := mustParse(t, text).Variants()
		if err != nil {
			t.Fatal(err)
		}
		return variants[0].Selection().Digest()
	}
	base := digest("orchestrator: {services: [apps, pricing]}")
	for _, same := range []string{
		"# why\nservices: {apps: {retries: 1}}\norchestrator:\n  log_level: debug\n  services:\n    - pricing # first\n    - apps\n",
		"orchestrator: {transports: [nats, memory], services: [apps, pricing], variants: {b: {services: [apps]}}}",
		"orchestrator: {remote: [], services: [apps, pricing]}",
	} {
		if got := digest(same); got != base {
			t.Errorf("%s\nhas another digest", same)
		}
	}
	for _, other := range []string{
		"orchestrator: {services: [apps]}",
		"orchestrator: {services: [apps, pricing], plugins: []}",
		"orchestrator: {services: [apps, pricing], transports: [memory]}",
		"orchestrator: {services: [apps, pricing], mode: standalone}",
		"orchestrator: {services: [apps, pricing], external: {apps: {import: example.org/apps}}}",
	} {
		if got := digest(other); got == base {
			t.Errorf("%s\nhas the same digest", other)
		}
	}
}

// A plugin of another module is had by those that list it, and by those that list
// none and have a service of its domains; a selection says so.
func TestPluginsOfOtherModules(t *testing.T) {
	f := mustParse(t, `
orchestrator:
  services: [apps, gift-cards]
  external_plugins:
    acme-pay: {import: example.test/pay, domains: [payments, giftcards]}
    promo: {import: example.test/promo, domains: [pricing]}
  variants:
    listed: {services: [apps], plugins: [promo]}
    without: {services: [apps, gift-cards], plugins: []}
    inherits: {extends: listed, add: [gift-cards]}
    other: {services: [apps]}
`)
	variants, err := f.Variants()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{
		"dev":      {"acme-pay": "example.test/pay"},
		"listed":   {"promo": "example.test/promo"},
		"inherits": {"promo": "example.test/promo"},
	}
	for _, v := range variants {
		got := v.Selection().ExternalPlugins
		if len(got) == 0 && want[v.Name] == nil {
			continue
		}
		if diff := cmp.Diff(want[v.Name], got); diff != "" {
			t.Errorf("%s: -want +got\n%s", v.Name, diff)
		}
	}
	for _, test := range []struct{ entry, code string }{
		{"pay: {import: example.test/pay}", "missing-key"},
		{"pay: {domains: [payments]}", "missing-key"},
		{"pay: example.test/pay", "wrong-type"},
		{"pay: {import: ../pay, domains: [payments]}", "invalid-value"},
		{"pay: {import: example.test/pay, domains: []}", "empty-selection"},
		{"pay: {import: example.test/pay, domains: [payments], version: 1}", "unknown-key"},
		{"x-pay: {import: example.test/pay, domains: [payments]}", "bad-name"},
	} {
		problems := problemsOf(t, "orchestrator: {services: [apps], external_plugins: {"+test.entry+"}}\n")
		if len(problems) != 1 || problems[0].Code != test.code {
			t.Errorf("%s: %v; want %s", test.entry, problems, test.code)
		}
	}
}

// A mistake is reported by its cause alone, and mended by another variant only.
func TestNothingFollowsFromAMisspeltKey(t *testing.T) {
	for text, want := range map[string]string{
		"shop: {extend: dev, add: [orders]}": `unknown key "extend" in variants.shop`,
		"shop: {servces: [apps]}":            `unknown key "servces" in variants.shop`,
	} {
		_, err := Parse("config.yml", []byte("orchestrator: {services: [apps], variants: {"+text+"}}"))
		if problems, _ := errors.AsType[Problems](err); len(problems) != 1 || problems[0].Message != want {
			t.Errorf("%s: %v, want only %s", text, err, want)
		}
	}
	_, err := Parse("config.yml", []byte("orchestrator: {services: [apps], variants: {dve: {extends: dve2}}}"))
	if err == nil || !strings.Contains(err.Error(), "variants: dev") || strings.Contains(err.Error(), "variants: dev, dve") {
		t.Errorf("%v, want no offer of the variant itself", err)
	}
}
