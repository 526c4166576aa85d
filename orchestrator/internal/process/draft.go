package process

import (
	"errors"
	"log/slog"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/internal/lifecycle"
	"github.com/shopanaio/orchestrator/orchestrator/service"
	"github.com/shopanaio/orchestrator/plugin"
)

// draft is a plan in the making, with what is wrong so far.
type draft struct {
	*Program

	p    Plan
	errs []error
}

// note adds a mistake and tells whether there is none.
func (d *draft) note(err error) bool {
	if err != nil {
		d.errs = append(d.errs, err)
	}
	return err == nil
}

// readSettings reads the settings of the process and tells whether there is a file for
// the rest, or need not be one.
func (d *draft) readSettings() bool {
	var err error
	d.p.settings, d.p.warnings, err = d.p.conf.File.Settings(d.Env)
	d.note(err)
	if d.p.conf.broken {
		return false
	}
	d.p.warnings = append(d.p.warnings, d.p.conf.File.Unread(d.Environ())...)
	return d.note(d.p.conf.demanded(d.p.settings.RequireConfig))
}

// chooseServices decides which services run. Whom they call, and whether the program
// is the one that config.yml describes, is looked at when all of that is known.
func (d *draft) chooseServices() {
	sure := len(d.errs) == 0
	s := selection{
		manifest: d.Manifest, conf: d.p.conf, memory: d.p.settings.Transporter.InMemory(), run: d.Invoke, runOther: d.InvokeOther,
	}
	var err error
	if d.p.services, err = s.enabled(d.Services, d.p.settings.Services); d.note(err) && sure {
		d.note(s.missingCallees(d.p.settings.Services))
	}
	warnings, misspelt := s.unread()
	d.p.warnings = append(d.p.warnings, warnings...)
	d.note(misspelt.Err())
	if !sure {
		return
	}
	d.p.unreachable = s.unreachable(serviceNames(d.p.services))
	d.p.stale = s.stale()
	if len(d.p.stale) > 0 && d.p.settings.Environment != config.Production {
		d.note(s.staleError(d.p.stale))
		d.p.stale = nil // said
	}
}

// chooseTransport decides how calls leave the process, if it is known how they should.
func (d *draft) chooseTransport() {
	var err error
	if d.p.settings.Transporter.Kind != "" {
		d.p.transport, err = d.Program.chooseTransport(d.p.conf, d.p.settings.Transporter)
		d.note(err)
	}
	d.p.plugins, err = plugin.NewSet(d.Plugins...)
	d.note(err)
}

// readSections reads the settings of the services and of the transports.
func (d *draft) readSections() {
	services := d.p.services
	if services == nil { // it is not known which are meant
		services = d.Services
	}
	d.p.decoded = map[string]any{}
	for _, s := range services {
		value, err := s.Configure(func(into any) error {
			warnings, err := d.p.conf.File.DecodeService(s.Name, d.Env, into, func() error { return d.check(into) })
			d.p.warnings = append(d.p.warnings, warnings...)
			return err
		})
		d.p.decoded[s.Name] = value
		d.note(err)
	}
	if d.note(d.checkTransports(d.p.conf)); len(d.errs) == 0 {
		_, err := d.open(d.p, slog.New(slog.DiscardHandler)) // what is wrong with the address
		d.note(err)
	}
}

// check asks the settings of a service what they make of the process.
func (d *draft) check(settings any) (err error) {
	c, ok := settings.(service.Checker)
	if !ok {
		return nil
	}
	set := service.Surroundings{Plugins: d.p.plugins, Environment: service.Environment(d.p.settings.Environment)}
	lifecycle.Safely(func() error { return c.Check(set) }, func(e error) { err = e })
	return err
}

// err is everything that is wrong, and what is warned of.
func (d *draft) err() error {
	all := []error{joinProblems(d.errs...)}
	for _, text := range d.p.Warnings() {
		all = append(all, errors.New("warning: "+text))
	}
	return errors.Join(all...)
}
