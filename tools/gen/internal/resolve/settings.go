package resolve

import (
	"fmt"

	"github.com/shopanaio/orchestrator/config"
)

// checkSettings refuses the settings of a service whose name is nearly that of
// one: nobody would read them. A name that is like none may be a service of
// another tree that reads the same file.
func (r *resolver) checkSettings() {
	for _, name := range r.file.Services() {
		if _, known := r.services[name.Value]; known {
			continue
		}
		if near, ok := config.Nearest(name.Value, r.names); ok {
			r.report(name.Pos, "unknown-settings", name.Value,
				fmt.Sprintf("these are the settings of a service %s, which there is not", name.Value),
				fmt.Sprintf("did you mean %q?\nservices that another program has may stand here, under names that are not mistaken so easily", near))
		}
	}
}
