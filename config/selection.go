package config

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// selection is a variant as it stands in the file, before extends is followed.
type selection struct {
	name       Name
	extends    Name
	services   nameList
	add        nameList
	remove     nameList
	plugins    nameList
	transports nameList
	remote     nameList
	allow      *bool
	standalone bool // dependencies that are not selected are remote
	misspelt   bool // it has a key that nobody knows, which may be any of the above

	own      map[string]Name // the services that its own keys name
	state    int             // of the resolution: 0 not begun, 1 in progress, 2 done
	resolved Variant
}

func newSelection(name string, pos Position) *selection {
	return &selection{name: Name{name, pos}}
}

// read takes one key of a variant; the caller has checked that it is known.
func (s *selection) read(t *tree, e entry, where string) {
	where += "." + e.key.Value
	switch e.key.Value {
	case "services":
		s.services = readList(t, e, where, true)
	case "add":
		s.add = readList(t, e, where, true)
	case "remove":
		s.remove = readList(t, e, where, true)
	case "plugins":
		s.plugins = readList(t, e, where, false)
	case "remote":
		s.remote = readList(t, e, where, false)
	case "transports":
		s.transports = readList(t, e, where, true)
		s.checkTransports(t, where)
	case "extends":
		s.readExtends(t, e.value, where)
	case "allow_standalone":
		s.readAllow(t, e.value, where)
	}
}

func (s *selection) checkTransports(t *tree, where string) {
	for _, name := range s.transports.names {
		if !slices.Contains(transportNames, name.Value) {
			t.reportAt(name.Pos, "invalid-value", suggestion(name.Value, "transports", transportNames),
				"%s: %q is no transport", where, name.Value)
		}
	}
}

func (s *selection) readExtends(t *tree, n *yaml.Node, where string) {
	if !isText(n) {
		t.report(n, "wrong-type", "", "%s must be the name of a variant, not %s", where, kindOf(n))
		return
	}
	s.extends = Name{n.Value, t.src.position(n)}
}

func (s *selection) readAllow(t *tree, n *yaml.Node, where string) {
	if n.Tag != "!!bool" || n.Value != "true" && n.Value != "false" {
		t.report(n, "wrong-type", "", "%s must be true or false, not %s", where, shownValue(n))
		return
	}
	allow := n.Value == "true"
	s.allow = &allow
}

// check reports keys that do not go together. What is missing may be what is misspelt.
func (s *selection) check(t *tree) {
	where := "variant " + s.name.Value
	switch {
	case s.extends.Value != "" && s.services.set:
		t.reportAt(s.services.pos, "conflict", "keep one of the two; with extends, say add and remove",
			"%s has services and extends", where)
	case s.extends.Value == "" && !s.services.set && !s.misspelt:
		t.reportAt(s.name.Pos, "missing-key", "list its services, or name the variant that it extends",
			"%s has neither services nor extends", where)
	}
	for _, list := range []nameList{s.add, s.remove} {
		if list.set && s.extends.Value == "" && !s.misspelt {
			t.reportAt(list.pos, "conflict", "say extends, or list all services", "%s adds or removes without extends", where)
		}
	}
	removed := byValue(s.remove.names)
	for _, name := range s.add.names {
		if before, both := removed[name.Value]; both {
			t.reportAt(name.Pos, "conflict", "keep one of the two", "%s adds %q, and it also removes it, at %s", where, name.Value, before.Pos)
		}
	}
}
