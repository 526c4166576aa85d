package process

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
)

// chooseTransport is the linked transport that the settings ask for.
func (in *Program) chooseTransport(conf Configuration, t config.Transporter) (bus.Transporter, error) {
	kind := t.Kind
	if t.InMemory() {
		kind = config.TransporterMemory
	}
	var linked []string
	for _, have := range in.Transports {
		if have.Name == kind {
			return have, nil
		}
		linked = append(linked, have.Name)
	}
	asked := kind
	if t.URL != "" {
		asked += " (" + t.String() + ")"
	}
	return bus.Transporter{}, fmt.Errorf("%s asks for the transport %s, which is not linked into this program (variant %s)\n  linked: %s\n  %s",
		in.transporterSource(conf), asked, in.Manifest.Variant, Names(linked), in.transportHelp(conf, kind, linked))
}

// open makes the transport that the plan chose. It does not connect.
func (in *Program) open(p Plan, log *slog.Logger) (bus.Transport, error) {
	opened, err := p.transport.Open(bus.TransportSettings{
		Address: p.settings.Transporter.URL, Namespace: p.settings.Namespace, Logger: log,
		Decode: in.section(p.conf, p.transport),
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.transporterSource(p.conf), err)
	}
	return opened, nil
}

// section decodes the settings of a transport, such as orchestrator.nats.
func (in *Program) section(conf Configuration, t bus.Transporter) func(into any) error {
	return func(into any) error {
		_, err := conf.File.DecodeTransport(t.Name, in.Env, into)
		return err
	}
}

// checkTransports looks at the settings of every transport that is linked, also of those
// that this run does not use: a mistake is not to show on the day that it does.
func (in *Program) checkTransports(conf Configuration) error {
	var errs []error
	for _, t := range in.Transports {
		_, err := t.Open(bus.TransportSettings{Decode: in.section(conf, t)})
		if problems, ok := errors.AsType[config.Problems](err); ok {
			errs = append(errs, problems)
		}
	}
	return joinProblems(errs...)
}

// transporterSource names the setting that was read.
func (in *Program) transporterSource(conf Configuration) string {
	if _, set := in.Env("ORCHESTRATOR_TRANSPORTER"); set {
		return "ORCHESTRATOR_TRANSPORTER"
	}
	return "orchestrator.transporter in " + conf.named()
}

// transportHelp is what to change.
func (in *Program) transportHelp(conf Configuration, kind string, linked []string) string {
	link := fmt.Sprintf("say transports: [%s] for the variant %s in %s (for dev under orchestrator:) and run: %s",
		strings.Join(append(slices.Clone(linked), kind), ", "), in.Manifest.Variant, conf.named(), in.Manifest.Mend())
	switch {
	case kind == config.TransporterMemory:
		return link
	case slices.Contains(linked, config.TransporterMemory):
		return "to stay in this process: ORCHESTRATOR_TRANSPORTER=memory " + in.Invoke + "\n  to link it: " + link
	}
	return "to link it: " + link
}
