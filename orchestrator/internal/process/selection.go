package process

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// selection narrows what is linked to what shall run.
type selection struct {
	manifest manifest.Manifest
	conf     Configuration
	// run is how the user starts this program again, and runOther how any variant.
	run      string
	runOther func(variant string) string
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
		if !slices.Contains(serviceNames(linked), name) {
			errs = append(errs, s.notLinked(name, asked))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	without := func(d service.Definition) bool { return !slices.Contains(asked, d.Name) }
	return slices.DeleteFunc(slices.Clone(linked), without), nil
}

// notLinked says what is linked instead, and the command that gives what was
// asked for: a variant that has it, else the name that was meant, else an edit of
// config.yml.
func (s selection) notLinked(name string, asked []string) error {
	linked := s.manifest.ServiceNames()
	shown := config.QuotedName(name)
	text := fmt.Sprintf("ORCHESTRATOR_SERVICES asks for the service %s, which is not linked into this program (variant %s)", shown, s.manifest.Variant)
	having := s.variantsWith(name)
	near, meant := config.Likely(name, linked)
	if !meant && len(having) == 0 {
		near, meant = config.Likely(name, s.known())
	}
	if meant {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	text += "\n  linked: " + Names(linked)
	for _, v := range having {
		// The empty variable makes the command right in a shell that exports it.
		text += fmt.Sprintf("\n  the variant %s has it: ORCHESTRATOR_SERVICES= %s", v, s.runOther(v))
	}
	switch {
	case len(having) > 0:
	case meant && !slices.Contains(linked, near):
		for _, v := range s.variantsWith(near) {
			text += fmt.Sprintf("\n  the variant %s has that: ORCHESTRATOR_SERVICES= %s", v, s.runOther(v))
		}
	case meant:
		corrected := slices.Clone(asked)
		corrected[slices.Index(asked, name)] = near
		corrected = slices.DeleteFunc(corrected, func(n string) bool { return !slices.Contains(linked, n) })
		text += "\n  to run that: " + s.command(corrected)
	case shown == strconv.Quote(name):
		text += fmt.Sprintf("\n  if there is such a service, add %s to the services of %s in %s and run: %s", name, s.manifest.Variant, s.conf.named(), s.manifest.Mend())
	}
	return errors.New(text)
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
	all, _ := s.conf.File.Variants()
	return all
}

// callees are the calls of services that nobody outside of the process can answer.
func (s selection) callees(running []string) iter.Seq2[string, string] {
	return func(yield func(caller, callee string) bool) {
		for _, linked := range s.manifest.Services {
			if !s.memory || !slices.Contains(running, linked.Name) {
				continue
			}
			for _, callee := range linked.Calls {
				if !yield(linked.Name, callee) {
					return
				}
			}
		}
	}
}

// missingCallees refuses services that call one which is linked and not enabled.
// Without a network there is nobody else who could answer.
func (s selection) missingCallees(asked []string) error {
	if asked == nil {
		return nil
	}
	var errs []error
	for caller, callee := range s.callees(asked) {
		if slices.Contains(s.manifest.ServiceNames(), callee) && !slices.Contains(asked, callee) {
			errs = append(errs, fmt.Errorf("the service %q calls %q, which is linked but not enabled by ORCHESTRATOR_SERVICES=%s, and the memory transport reaches no other process\n  run both: %s",
				caller, callee, strings.Join(asked, ","), s.command(asked)))
		}
	}
	return errors.Join(errs...)
}

// unreachable says which calls of enabled services go to a process that the
// memory transport does not reach. The service starts all the same: what it does
// without that call still works.
func (s selection) unreachable(enabled []string) []string {
	var all []string
	for caller, callee := range s.callees(enabled) {
		if slices.Contains(s.manifest.Remote, callee) {
			all = append(all, fmt.Sprintf("the service %s calls %s, which another process serves, and the memory transport reaches none: set ORCHESTRATOR_TRANSPORTER", caller, callee))
		}
	}
	return all
}

// command runs what was asked for, with what it needs in this process.
func (s selection) command(asked []string) string {
	if s.memory {
		asked = s.closure(asked)
	}
	return "ORCHESTRATOR_SERVICES=" + strings.Join(asked, ",") + " " + s.run
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

// known are the services that the program and config.yml know of, sorted.
func (s selection) known() []string {
	known := map[string]bool{}
	for _, linked := range s.manifest.Services {
		known[linked.Name] = true
		for _, name := range slices.Concat(linked.Calls, linked.Optional, linked.Listens, linked.Types, s.manifest.Remote) {
			known[name] = true
		}
	}
	for _, v := range s.variants() {
		for _, n := range slices.Concat(v.Services, v.Remote) {
			known[n.Value] = true
		}
	}
	for _, e := range s.conf.File.Externals() {
		known[e.Name.Value] = true
	}
	return slices.Sorted(maps.Keys(known))
}

// unread finds settings whose service is a misspelt one. They are refused where a
// service of this program would run without them and config.yml says which services
// there are; else they are warned of, since programs share the file.
func (s selection) unread() (warnings []config.Warning, refused config.Problems) {
	known := s.known()
	selects := len(s.variants()) > 0
	var hints config.Hints
	for _, n := range s.conf.File.Services() {
		if _, ok := slices.BinarySearch(known, n.Value); ok || hints.Spent(len(known)) {
			continue
		}
		switch near, ok := config.Nearest(n.Value, known); {
		case !ok:
		case selects && slices.Contains(s.manifest.ServiceNames(), near):
			refused = append(refused, s.conf.File.Problem(n.Pos, "unknown-service",
				fmt.Sprintf("services.%s: there is no such service", n.Value), fmt.Sprintf("did you mean %q?", near)))
		default:
			warnings = append(warnings, config.Warning{Position: n.Pos, Code: "unknown-service", Subject: "services." + n.Value,
				Message: fmt.Sprintf("is not read, because there is no such service; did you mean %q?", near)})
		}
	}
	return warnings, refused
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
	return []string{fmt.Sprintf("it has no variant %s; it has %s", s.manifest.Variant, Names(have))}
}

// staleError refuses a program that is not what config.yml says it is.
func (s selection) staleError(differences []string) error {
	return fmt.Errorf("this program (variant %s) is not the one that %s describes:\n  %s\n  to bring them together run: %s\n  then build or run it again",
		s.manifest.Variant, s.conf.named(), strings.Join(differences, "\n  "), s.manifest.Mend())
}
