package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var errNoFile = errors.New("this config.File was not made by Parse, Load or Default")

// selections are all variants of a file while they are resolved.
type selections struct {
	tree  *tree
	named map[string]*selection
	alone nameList
	// standsAlone has the names of alone.
	standsAlone map[string]bool
	// inherited counts the services that variants have from others.
	inherited int
}

func (t *tree) reportAt(pos Position, code, help, format string, args ...any) {
	t.problems = append(t.problems, t.src.problem(pos, code, fmt.Sprintf(format, args...), help))
}

func (s *selections) readVariants(e entry) {
	for _, inner := range s.tree.names(e.value, "orchestrator.variants") {
		name := inner.key.Value
		if slices.Contains(reservedVariants, name) {
			s.tree.report(inner.key, "reserved-name", "choose another name", "a variant cannot be named %q: the build uses that name", name)
			continue
		}
		v := newSelection(name, s.tree.src.position(inner.key))
		where := "variants." + name
		for _, key := range s.tree.entries(inner.value, where) {
			if !slices.Contains(variantKeys, key.key.Value) {
				s.tree.unknown(key.key, where, variantKeys)
				v.misspelt = true
				continue
			}
			v.read(s.tree, key, where)
		}
		v.check(s.tree)
		s.named[name] = v
	}
}

// addDev adds the selection at the top of the section as the variant dev.
func (s *selections) addDev(top *selection) {
	for key, list := range map[string]nameList{"plugins": top.plugins, "remote": top.remote, "transports": top.transports} {
		if list.set && !top.services.set {
			s.tree.reportAt(list.pos, "missing-key", "add services: beside it, or move it into a variant",
				"orchestrator.%s belongs to the variant dev, which has no services here", key)
		}
	}
	if !top.services.set {
		return
	}
	top.name.Pos = top.services.pos
	if other, twice := s.named["dev"]; twice {
		s.tree.reportAt(other.name.Pos, "duplicate-name", "keep one of the two",
			"the variant dev is defined twice; orchestrator.services at %s is the first", top.name.Pos)
		return
	}
	s.named["dev"] = top
}

// addStandalone makes a variant of every name under standalone.
func (s *selections) addStandalone() {
	s.standsAlone = map[string]bool{}
	for _, name := range s.alone.names {
		s.standsAlone[name.Value] = true
		if other, twice := s.named[name.Value]; twice {
			s.tree.reportAt(name.Pos, "duplicate-name", "rename the variant, or take the name out of standalone",
				"standalone makes a variant %q, and there is one at %s", name.Value, other.name.Pos)
			continue
		}
		if slices.Contains(reservedVariants, name.Value) {
			s.tree.reportAt(name.Pos, "reserved-name", "", "standalone makes a variant %q, and the build uses that name", name.Value)
			continue
		}
		v := newSelection(name.Value, name.Pos)
		v.services = nameList{set: true, pos: name.Pos, names: []Name{name}}
		v.standalone = true
		s.named[name.Value] = v
	}
}

// maxInherited bounds what variants that extend each other multiply to.
const maxInherited = 1_000_000

// resolve follows extends and checks the result of every variant.
func (s *selections) resolve(externals []External, plugins []ExternalPlugin) []Variant {
	s.addStandalone()
	imports := map[string]string{}
	for _, external := range externals {
		imports[external.Name.Value] = external.Import
	}
	names := slices.Sorted(maps.Keys(s.named))
	if at, found := slices.BinarySearch(names, "dev"); found {
		names = slices.Insert(slices.Delete(names, at, at+1), 0, "dev")
	}
	out := make([]Variant, 0, len(names))
	for _, name := range names {
		v := s.named[name]
		s.visit(v, nil)
		s.checkStandalone(v)
		v.resolved.External = selected(imports, v.resolved.Services)
		v.resolved.ExternalPlugins = selectedPlugins(plugins, v.resolved)
		out = append(out, v.resolved)
	}
	return out
}

func (s *selections) visit(v *selection, chain []string) {
	if v.state == 2 {
		return
	}
	v.state = 1
	chain = append(chain, v.name.Value)
	v.resolved = v.base(s.tree)
	if v.extends.Value != "" {
		s.inherit(v, chain)
	}
	v.state = 2
}

// othersThan are the variants that v can extend.
func (s *selections) othersThan(v *selection) []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(s.named)), func(name string) bool { return name == v.name.Value })
}

// inherit completes v by what it extends.
func (s *selections) inherit(v *selection, chain []string) {
	parent, known := s.named[v.extends.Value]
	if !known {
		s.tree.reportAt(v.extends.Pos, "unknown-variant", s.tree.hints.suggestion(v.extends.Value, "variants", len(s.named), func() []string { return s.othersThan(v) }),
			"variant %s extends %s, which is no variant", v.name.Value, QuotedName(v.extends.Value))
		return
	}
	if parent.state == 1 {
		from := slices.Index(chain, parent.name.Value)
		s.tree.reportAt(v.extends.Pos, "extends-cycle", "let one of them list its services",
			"variants extend each other in a circle: %s", strings.Join(append(chain[from:len(chain):len(chain)], parent.name.Value), " -> "))
		return
	}
	s.visit(parent, chain)
	before := s.inherited
	s.inherited += len(parent.resolved.Services)
	if s.inherited > maxInherited {
		if before <= maxInherited {
			s.tree.reportAt(v.extends.Pos, "too-large", largeHelp, "with this variant, they inherit more than %d services together", maxInherited)
		}
		return
	}
	v.extend(s.tree, parent.resolved)
}

// checkStandalone refuses a service with a binary of its own next to others.
func (s *selections) checkStandalone(v *selection) {
	if v.resolved.AllowStandalone || len(v.resolved.Services) < 2 {
		return
	}
	for _, name := range v.resolved.Services {
		if !s.standsAlone[name.Value] || !v.answersFor(name) {
			continue
		}
		s.tree.reportAt(name.Pos, "standalone",
			fmt.Sprintf("take it out of this variant, or say allow_standalone: true in it\nits own binary: go run ./orchestrator/cmd/%s", name.Value),
			"variant %s: %s is standalone and is not linked next to other services", v.name.Value, name.Value)
	}
}

// selected are the services of other modules among those of a variant, with their
// imports; nil when there is none.
func selected(imports map[string]string, services []Name) map[string]string {
	var out map[string]string
	for _, name := range services {
		if path, external := imports[name.Value]; external {
			if out == nil {
				out = map[string]string{}
			}
			out[name.Value] = path
		}
	}
	return out
}
