package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// plan is everything that is decided before anything is made: it exists only if
// the settings are valid and what was asked for can be had.
type plan struct {
	conf      configuration
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

// prepare makes the plan. All mistakes in the settings are reported together;
// what is asked for is looked at when it is known what that is.
func (in *invocation) prepare() (plan, error) {
	p := plan{}
	var err error
	if p.conf, err = in.configuration(); err != nil {
		return plan{}, err
	}
	p.settings, p.warnings, err = p.conf.file.Settings(in.options.Env)
	sections := in.checkTransports(p.conf)
	if err != nil {
		// Which services run is not known now, so all of them are looked at.
		_, _, more := in.decode(p.conf, in.binary.Services)
		return plan{}, joinProblems(err, more, sections)
	}
	if err := p.conf.demanded(p.settings.RequireConfig); err != nil {
		return plan{}, err
	}
	s := selection{
		manifest: in.manifest, conf: p.conf, memory: p.settings.Transporter.InMemory(),
		run: in.options.invoke(in.manifest.Variant), runOther: in.options.invokeOther,
	}
	var errs [4]error
	p.services, errs[0] = s.enabled(in.binary.Services, p.settings.Services)
	p.unreachable = s.unreachable(p.services)
	p.transport, errs[1] = in.chooseTransport(p.conf, p.settings.Transporter)
	p.plugins, errs[2] = plugin.NewSet(in.binary.Plugins...)
	if p.stale = s.stale(); len(p.stale) > 0 && p.settings.Environment != config.Production {
		errs[3] = s.staleError(p.stale)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return plan{}, err
	}
	var warnings []config.Warning
	p.decoded, warnings, err = in.decode(p.conf, p.services)
	if err = joinProblems(err, sections); err == nil {
		_, err = in.open(p, slog.New(slog.DiscardHandler)) // what is wrong with the address
	}
	p.warnings = config.Collapse(slices.Concat(p.warnings, warnings, s.unread(), p.conf.file.Unread(in.options.Environ())))
	return p, err
}

// decode reads the settings of services and gathers what is wrong with any.
func (in *invocation) decode(conf configuration, services []service.Definition) (map[string]any, []config.Warning, error) {
	decoded := map[string]any{}
	var all []config.Warning
	var errs []error
	for _, d := range services {
		value, err := d.Configure(func(into any) error {
			warnings, err := conf.file.DecodeService(d.Name, in.options.Env, into)
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

// tell logs what the plan has to say beside errors.
func (p plan) tell(log *slog.Logger) {
	p.conf.tell(log)
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

// staleWarning is what production says where development refuses to start.
const staleWarning = "this program is not the one that config.yml describes; run go generate ./... and build it again"

// runCheck validates the settings. It also makes the services, which connects to
// nothing and starts nothing, because some settings only they can judge.
func runCheck(ctx context.Context, in *invocation, args []string) error {
	if err := noArguments("check", args); err != nil {
		return err
	}
	p, err := in.prepare()
	if err != nil {
		return err
	}
	for _, w := range p.warnings {
		_, _ = fmt.Fprintln(in.options.Stderr, "warning: "+w.String())
	}
	for _, text := range p.unreachable {
		_, _ = fmt.Fprintln(in.options.Stderr, "warning: "+text)
	}
	for _, difference := range p.stale {
		_, _ = fmt.Fprintf(in.options.Stderr, "warning: %s: %s\n", staleWarning, difference)
	}
	if _, err := in.rehearse(ctx, p); err != nil {
		return err
	}
	enabled := serviceNames(p.services)
	return write(in.options.Stdout, fmt.Appendf(nil, "%s is valid: %s in %s over %s\n",
		p.conf.described(), names(enabled), p.settings.Environment, p.settings.Transporter))
}

func serviceNames(all []service.Definition) []string {
	list := make([]string, len(all))
	for i, d := range all {
		list[i] = d.Name
	}
	return list
}
