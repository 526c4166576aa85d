package orchestrator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// tariff are settings that only the process can judge in full.
type tariff struct {
	Timeout time.Duration `yaml:"provider_timeout"`
	Codes   []string
}

func (tr *tariff) Check(process service.Surroundings) error {
	if process.Environment == "" {
		panic("no environment")
	}
	return errNoCode
}

var errNoCode = stringError("codes.five: there is no such code")

type stringError string

func (e stringError) Error() string { return string(e) }

func priced(t *testing.T) *rig {
	t.Helper()
	never := func(*bus.Bus, *service.Group) error { t.Error("a service was made"); return nil }
	option := service.Config(func() tariff { return tariff{} })
	return newRig(t, binary(t, "dev", &fixture{name: "apps", make: never}, &fixture{name: "pricing", make: never, options: []service.Option{option}}), "check")
}

// Whatever is wrong anywhere is reported in one go, with what is warned of.
func TestMistakesOfAllKindsAreReportedTogether(t *testing.T) {
	r := priced(t).config(`
orchestrator:
  services: [apps, pricing]
  transports: [memory]
  log_levl: info
services:
  pricing: {timeot: 3, codes: [four, five]}
  app: {}
`).set("METRICS_PORT=abc", "LOG_LEVEL=loud", "ORCHESTRATOR_TRANSPORTER=nast", "ORCHESTRATOR_SERVICES=price,apps")
	r.options.Environ = func() []string { return []string{"ORCHESTRATOR_TRANSPORT=NATS"} }
	r.want(r.run(), 1, "METRICS_PORT is a text of 3 characters", `LOG_LEVEL is "loud"`, "ORCHESTRATOR_TRANSPORTER is a text of 4 characters",
		`config.yml:5:3: unknown key "log_levl"`, `config.yml:7:13: unknown key "timeot"`, `did you mean "provider_timeout"?`,
		"config.yml:7:38: services.pricing: codes.five: there is no such code", "config.yml:8:3: services.app: there is no such service",
		`the service "price", which is not linked into this program (variant dev); did you mean "pricing"?`,
		"to run that: ORCHESTRATOR_SERVICES=apps,pricing bin/shop", "warning: ORCHESTRATOR_TRANSPORT is not read")
}

// What follows from another mistake is none of its own.
func TestWhatFollowsFromAMistakeIsNotReported(t *testing.T) {
	for name, c := range map[string]struct{ config, env, says, silent string }{
		"a key of the selection": {"orchestrator: {servces: [apps, pricing], variants: {small: {services: [apps]}}}", "", `"servces"`, "is not the one that"},
		"no YAML":                {"orchestrator: [", "ORCHESTRATOR_SERVICES=pric", "config.yml:1:", "pric"},
		"no transporter":         {"orchestrator: {transporter: nast}", "", "orchestrator.transporter is a text of 4 characters", "not linked"},
		"no environment":         {"orchestrator: {}", "NODE_ENV=staging", `"staging"`, "no such code"},
	} {
		t.Run(name, func(t *testing.T) {
			r := priced(t).config(c.config).set(c.env, "LOG_LEVEL=loud")
			r.want(r.run(), 1, c.says, `LOG_LEVEL is "loud"`)
			if strings.Contains(r.stderr.String(), c.silent) {
				t.Errorf("%q is in:\n%s", c.silent, r.stderr)
			}
		})
	}
}

// A file that is nearly called config.yml is warned of by check as by run.
func TestMisnamedConfigIsWarnedOf(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check")
	path := filepath.Join(r.options.Dir, "config.yaml")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.want(r.run(), 0, "warning: "+path+": a file is not read, because the name is config.yml")
}

// A name that only another variant has is suggested with that variant.
func TestServiceOfAnotherVariantIsSuggested(t *testing.T) {
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "check").
		config("orchestrator: {services: [apps], transports: [memory], standalone: [checkout]}").set("ORCHESTRATOR_SERVICES=chekout")
	r.want(r.run(), 1, `did you mean "checkout"?`, "the variant checkout has that: ORCHESTRATOR_SERVICES= go run ./orchestrator/cmd/checkout")
}
