package orchestrator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// selection narrows what is linked to what shall run.
type selection struct {
	manifest manifest.Manifest
	conf     configuration
	// run is how the user starts this program again.
	run string
	// memory says that a service which is not in this process is nowhere.
	memory bool
}

// enabled are the linked services that were asked for, in start order; nil asks
// for all of them. The error names every name that cannot be had and how to have
// it.
func (s selection) enabled(linked []service.Definition, asked []string) ([]service.Definition, error) {
	if asked == nil {
		return linked, nil
	}
	var errs []error
	for _, name := range asked {
		if !slices.ContainsFunc(linked, func(d service.Definition) bool { return d.Name == name }) {
			errs = append(errs, s.notLinked(name))
		}
	}
	var enabled []service.Definition
	for _, d := range linked {
		if slices.Contains(asked, d.Name) {
			enabled = append(enabled, d)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return enabled, s.missingCallees(asked)
}

// notLinked says what is linked instead, and the command that gives what was
// asked for: a variant that has it, else an edit of config.yml.
func (s selection) notLinked(name string) error {
	linked := s.manifest.ServiceNames()
	var b strings.Builder
	fmt.Fprintf(&b, "ORCHESTRATOR_SERVICES asks for the service %q, which is not linked into this program (variant %s)", name, s.manifest.Variant)
	if near, ok := config.Nearest(name, linked); ok {
		fmt.Fprintf(&b, "; did you mean %q?", near)
	}
	fmt.Fprintf(&b, "\n  linked: %s", names(linked))
	if having := s.variantsWith(name); len(having) > 0 {
		for _, v := range having {
			fmt.Fprintf(&b, "\n  the variant %s has it: go run ./orchestrator/cmd/%s", v, v)
		}
		return errors.New(b.String())
	}
	fmt.Fprintf(&b, "\n  to link it, add %s to the services of %s in %s and run: go generate ./...", name, s.manifest.Variant, s.conf.named())
	return errors.New(b.String())
}

// variantsWith are the other variants in config.yml that link a service.
func (s selection) variantsWith(name string) []string {
	var having []string
	for _, v := range s.variants() {
		if v.Name != s.manifest.Variant && slices.ContainsFunc(v.Services, func(n config.Name) bool { return n.Value == name }) {
			having = append(having, v.Name)
		}
	}
	return having
}

func (s selection) variants() []config.Variant {
	// The error is nil for every File that was read; see config.File.Variants.
	all, _ := s.conf.file.Variants()
	return all
}

// missingCallees refuses services that call one which is linked and not enabled.
// Without a network there is nobody else who could answer.
func (s selection) missingCallees(asked []string) error {
	if !s.memory {
		return nil
	}
	var errs []error
	wanted := s.closure(asked)
	for _, linked := range s.manifest.Services {
		if !slices.Contains(asked, linked.Name) {
			continue
		}
		for _, callee := range linked.Calls {
			if s.links(callee) && !slices.Contains(asked, callee) {
				errs = append(errs, fmt.Errorf("the service %q calls %q, which is linked but not enabled by ORCHESTRATOR_SERVICES=%s, and the memory transport reaches no other process\n  run both: ORCHESTRATOR_SERVICES=%s %s",
					linked.Name, callee, strings.Join(asked, ","), strings.Join(wanted, ","), s.run))
			}
		}
	}
	return errors.Join(errs...)
}

// unreachable says which calls of enabled services go to a process that the
// memory transport does not reach. The service starts all the same: what it does
// without that call still works.
func (s selection) unreachable(enabled []service.Definition) []string {
	if !s.memory {
		return nil
	}
	var all []string
	for _, linked := range s.manifest.Services {
		if !slices.ContainsFunc(enabled, func(d service.Definition) bool { return d.Name == linked.Name }) {
			continue
		}
		for _, callee := range linked.Calls {
			if slices.Contains(s.manifest.Remote, callee) {
				all = append(all, fmt.Sprintf("the service %s calls %s, which another process serves, and the memory transport reaches none: set ORCHESTRATOR_TRANSPORTER", linked.Name, callee))
			}
		}
	}
	return all
}

func (s selection) links(name string) bool {
	return slices.ContainsFunc(s.manifest.Services, func(l manifest.Service) bool { return l.Name == name })
}

// closure is what was asked for with everything it calls, in start order. Since
// that order has callees first, one look from the end is enough.
func (s selection) closure(asked []string) []string {
	wanted := slices.Clone(asked)
	for _, linked := range slices.Backward(s.manifest.Services) {
		if slices.Contains(wanted, linked.Name) {
			wanted = append(wanted, linked.Calls...)
		}
	}
	var ordered []string
	for _, linked := range s.manifest.Services {
		if slices.Contains(wanted, linked.Name) {
			ordered = append(ordered, linked.Name)
		}
	}
	return ordered
}

// stale are the differences between the program and the selection that its
// variant has in config.yml now. A file that selects nothing, such as one with
// settings only, disagrees with nobody.
func (s selection) stale() []string {
	all := s.variants()
	if len(all) == 0 {
		return nil
	}
	var have []string
	for _, v := range all {
		if v.Name == s.manifest.Variant {
			return manifest.Diff(s.manifest, v.Selection())
		}
		have = append(have, v.Name)
	}
	return []string{fmt.Sprintf("it has no variant %s; it has %s", s.manifest.Variant, names(have))}
}

// staleError refuses a program that is not what config.yml says it is.
func (s selection) staleError(differences []string) error {
	return fmt.Errorf("this program (variant %s) is not the one that %s describes:\n  %s\n  to bring them together run: go generate ./...\n  then build or run it again",
		s.manifest.Variant, s.conf.named(), strings.Join(differences, "\n  "))
}
