package process

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// Plan is everything that is decided before anything is made: it exists only if
// the settings are valid and what was asked for can be had.
type Plan struct {
	conf      Configuration
	settings  config.Settings
	warnings  []config.Warning
	services  []service.Definition // enabled, in start order
	plugins   plugin.Set
	transport bus.Transporter
	// decoded are the settings of the services, by name.
	decoded map[string]any
	// stale is why the program is not what config.yml describes.
	stale []string
	// unreachable are calls that will not find their service.
	unreachable []string
}

// Prepare makes the plan. Everything that is wrong is reported together, with what is
// warned of, as far as it does not follow from something else that is.
func (in *Program) Prepare() (Plan, error) {
	conf, err := in.Configuration()
	if _, partial := errors.AsType[config.Problems](err); err != nil && !partial {
		return Plan{}, err
	}
	d := draft{Program: in, p: Plan{conf: conf}}
	d.note(err)
	if d.readSettings() {
		d.chooseServices()
		d.chooseTransport()
		d.readSections()
	}
	d.p.warnings = config.Collapse(d.p.warnings)
	if len(d.errs) > 0 {
		return Plan{}, d.err()
	}
	return d.p, nil
}

// joinProblems keeps problems one sorted list; other errors follow.
func joinProblems(errs ...error) error {
	var problems config.Problems
	var others []error
	for _, err := range errs {
		if some, ok := errors.AsType[config.Problems](err); ok {
			problems = append(problems, some...)
		} else if err != nil {
			others = append(others, err)
		}
	}
	return errors.Join(append([]error{problems.Err()}, others...)...)
}

// log writes what the plan has to say beside errors.
func (p Plan) log(log *slog.Logger) {
	p.conf.log(log)
	for _, w := range p.warnings {
		log.Warn(w.String(), "code", w.Code)
	}
	for _, path := range p.conf.misnamed() {
		log.Warn(misnamedWarning, "file", path)
	}
	for _, call := range p.unreachable {
		log.Warn(call)
	}
	for _, difference := range p.stale {
		log.Warn(staleWarning, "difference", difference)
	}
}

// Warnings are what the log of the process would warn of, as sentences.
func (p Plan) Warnings() []string {
	var all []string
	for _, w := range p.warnings {
		all = append(all, w.String())
	}
	for _, path := range p.conf.misnamed() {
		all = append(all, path+": "+misnamedWarning)
	}
	all = append(all, p.unreachable...)
	for _, difference := range p.stale {
		all = append(all, staleWarning+": "+difference)
	}
	return all
}

// String says which settings were read and what runs by them.
func (p Plan) String() string {
	return fmt.Sprintf("%s is valid: %s in %s over %s",
		cmp.Or(p.conf.Path, "the default configuration (no config.yml found)"), Names(serviceNames(p.services)), p.settings.Environment, p.settings.Transporter)
}

// staleWarning is what production says where development refuses to start.
const staleWarning = "this program is not the one that config.yml describes; generate and build it again"

func serviceNames(all []service.Definition) []string {
	list := make([]string, len(all))
	for i, d := range all {
		list[i] = d.Name
	}
	return list
}
