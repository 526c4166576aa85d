package config

import (
	"maps"
	"slices"
)

// base is the variant as its own keys say, with the defaults.
func (s *selection) base(t *tree) Variant {
	v := Variant{
		Name: s.name.Value, Pos: s.name.Pos, Standalone: s.standalone,
		Services: s.services.names, Plugins: s.plugins.names, PluginsSet: s.plugins.set,
		Transports: s.transports.names, Remote: s.remote.names,
		AllowStandalone: s.allow != nil && *s.allow,
	}
	if !s.transports.set {
		v.Transports = []Name{{"memory", s.name.Pos}, {"nats", s.name.Pos}}
	}
	checkRemote(t, v)
	return v
}

// extend takes from parent what the variant does not state itself.
func (s *selection) extend(t *tree, parent Variant) {
	v := &s.resolved
	v.Services = s.changed(t, parent)
	v.Standalone = v.Standalone || parent.Standalone
	if !s.plugins.set {
		v.Plugins, v.PluginsSet = parent.Plugins, parent.PluginsSet
	}
	if !s.transports.set {
		v.Transports = parent.Transports
	}
	if !s.remote.set {
		// What the parent calls elsewhere is served here once it is added.
		here := byValue(v.Services)
		v.Remote = slices.DeleteFunc(slices.Clone(parent.Remote), func(n Name) bool { _, added := here[n.Value]; return added })
	}
	if s.allow == nil {
		v.AllowStandalone = parent.AllowStandalone
	}
	checkRemote(t, *v)
}

// changed applies add and remove to the parent's services.
func (s *selection) changed(t *tree, parent Variant) []Name {
	has := byValue(parent.Services)
	for _, name := range s.remove.names {
		if _, known := has[name.Value]; !known {
			help := t.hints.suggestion(name.Value, "services of "+parent.Name, len(parent.Services), func() []string { return values(parent.Services) })
			t.reportAt(name.Pos, "absent", help, "variant %s removes %q, which %s does not have", s.name.Value, name.Value, parent.Name)
		}
		delete(has, name.Value)
	}
	services := slices.DeleteFunc(slices.Clone(parent.Services), func(n Name) bool { _, kept := has[n.Value]; return !kept })
	for _, name := range s.add.names {
		if before, twice := has[name.Value]; twice {
			t.reportAt(name.Pos, "already-present", "take it out of add", "variant %s adds %q, which %s has already, from %s",
				s.name.Value, name.Value, parent.Name, before.Pos)
			continue
		}
		services = append(services, name)
	}
	if len(services) == 0 && len(parent.Services) > 0 {
		t.reportAt(s.name.Pos, "empty-selection", "keep at least one service", "variant %s has no service left", s.name.Value)
	}
	return services
}

// checkRemote refuses a service that is both linked and served elsewhere.
func checkRemote(t *tree, v Variant) {
	if len(v.Remote) == 0 {
		return
	}
	here := byValue(v.Services)
	for _, name := range v.Remote {
		if service, both := here[name.Value]; both {
			t.reportAt(name.Pos, "conflict", "keep one of the two", "variant %s: %q is remote, and it is also one of its services, at %s",
				v.Name, name.Value, service.Pos)
		}
	}
}

// answersFor tells whether this variant put the service beside the others, or
// took back the leave to do so; else the one that it extends is reported.
func (s *selection) answersFor(name Name) bool {
	if s.own == nil {
		s.own = byValue(slices.Concat(s.services.names, s.add.names))
	}
	own, stated := s.own[name.Value]
	return stated && own == name || s.allow != nil
}

// byValue finds names by their text.
func byValue(names []Name) map[string]Name {
	found := make(map[string]Name, len(names))
	for _, name := range names {
		found[name.Value] = name
	}
	return found
}

// clone copies a variant, so that the caller may change it.
func (v Variant) clone() Variant {
	v.Services, v.Plugins = slices.Clone(v.Services), slices.Clone(v.Plugins)
	v.Transports, v.Remote = slices.Clone(v.Transports), slices.Clone(v.Remote)
	v.External, v.ExternalPlugins = maps.Clone(v.External), maps.Clone(v.ExternalPlugins)
	return v
}
