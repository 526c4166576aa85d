package orchestrator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
)

// chooseTransport is the linked transport that the settings ask for.
func (in *invocation) chooseTransport(conf configuration, t config.Transporter) (bus.Transporter, error) {
	kind := t.Kind
	if t.InMemory() {
		kind = config.TransporterMemory
	}
	var linked []string
	for _, have := range in.binary.Transports {
		if have.Name == kind {
			return have, nil
		}
		linked = append(linked, have.Name)
	}
	return bus.Transporter{}, fmt.Errorf("%s asks for the transport %s (%s), which is not linked into this program (variant %s)\n  linked: %s\n  %s",
		in.transporterSource(conf), kind, t, in.manifest.Variant, names(linked), in.transportHelp(conf, kind, linked))
}

// transporterSource names the setting that was read.
func (in *invocation) transporterSource(conf configuration) string {
	if _, set := in.options.Env("ORCHESTRATOR_TRANSPORTER"); set {
		return "ORCHESTRATOR_TRANSPORTER"
	}
	return "orchestrator.transporter in " + conf.named()
}

// transportHelp is what to change.
func (in *invocation) transportHelp(conf configuration, kind string, linked []string) string {
	link := fmt.Sprintf("say transports: [%s] for the variant %s in %s (for dev under orchestrator:) and run: go generate ./...",
		strings.Join(append(slices.Clone(linked), kind), ", "), in.manifest.Variant, conf.named())
	if kind == config.TransporterMemory {
		return link
	}
	if slices.Contains(linked, config.TransporterMemory) {
		return "to stay in this process: ORCHESTRATOR_TRANSPORTER=memory " + in.options.invoke(in.manifest.Variant) + "\n  to link it: " + link
	}
	return strings.TrimSpace("to link it: " + link)
}
