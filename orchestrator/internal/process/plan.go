package process

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"slices"

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

// Prepare makes the plan. All mistakes in the settings are reported together;
// what is asked for is looked at when it is known what that is.
func (in *Program) Prepare() (Plan, error) {
	p := Plan{}
	var err error
	if p.conf, err = in.Configuration(); err != nil {
		return Plan{}, err
	}
	p.settings, p.warnings, err = p.conf.File.Settings(in.Env)
	sections := in.checkTransports(p.conf)
	if err != nil {
		// Which services run is not known now, so all of them are looked at.
		_, _, more := in.decode(p.conf, in.Services)
		return Plan{}, joinProblems(err, more, sections)
	}
	if err := p.conf.demanded(p.settings.RequireConfig); err != nil {
		return Plan{}, err
	}
	s := selection{
		manifest: in.Manifest, conf: p.conf, memory: p.settings.Transporter.InMemory(),
		run: in.Invoke, runOther: in.InvokeOther,
	}
	var errs [4]error
	p.services, errs[0] = s.enabled(in.Services, p.settings.Services)
	p.unreachable = s.unreachable(serviceNames(p.services))
	p.transport, errs[1] = in.chooseTransport(p.conf, p.settings.Transporter)
	p.plugins, errs[2] = plugin.NewSet(in.Plugins...)
	if p.stale = s.stale(); len(p.stale) > 0 && p.settings.Environment != config.Production {
		errs[3] = s.staleError(p.stale)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return Plan{}, err
	}
	var warnings []config.Warning
	p.decoded, warnings, err = in.decode(p.conf, p.services)
	if err = joinProblems(err, sections); err == nil {
		_, err = in.open(p, slog.New(slog.DiscardHandler)) // what is wrong with the address
	}
	p.warnings = config.Collapse(slices.Concat(p.warnings, warnings, s.unread(), p.conf.File.Unread(in.Environ())))
	return p, err
}

// decode reads the settings of services and gathers what is wrong with any.
func (in *Program) decode(conf Configuration, services []service.Definition) (map[string]any, []config.Warning, error) {
	decoded := map[string]any{}
	var all []config.Warning
	var errs []error
	for _, d := range services {
		value, err := d.Configure(func(into any) error {
			warnings, err := conf.File.DecodeService(d.Name, in.Env, into)
			all = append(all, warnings...)
			return err
		})
		decoded[d.Name] = value
		errs = append(errs, err)
	}
	return decoded, all, joinProblems(errs...)
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
