package config

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var (
	// settingKeys are the keys that a running process reads.
	settingKeys = []string{"admin_address", "admin_hosts", "admin_token", "drain_timeout", "log_format", "log_level", "metrics_port", "namespace", "node_id", "prefer_local", "strict", "transporter"}
	// selectionKeys say what a variant has; at the top they describe dev.
	selectionKeys = []string{"allow_standalone", "plugins", "remote", "services", "transports"}
	// variantKeys are what an entry under variants may hold besides.
	variantKeys = slices.Concat(selectionKeys, []string{"add", "extends", "remove"})
	modes       = []string{"orchestrator", "standalone"}
	// transportSections hold the settings of the transports that have any.
	transportSections = []string{"embedded", "nats"}
	// transportNames are what can be linked.
	transportNames = []string{"embedded", "memory", "nats"}
)

// External is a service that lives in another module.
type External struct {
	Name Name
	// Import is the path of its Go package; the version stands in go.mod.
	Import string
	// Needs are the services that it calls, in the order of the file, where the file
	// says so instead of leaving it to the source: NeedsSet tells that it does.
	Needs    []Name
	NeedsSet bool
}

// Externals returns the services of other modules, sorted by name.
func (f *File) Externals() []External { return slices.Clone(f.externals) }

// Mistaken reports a service of another module of which the file says wrongly where it
// is. That is a Problem, so nobody needs to say that there is no such service.
func (f *File) Mistaken(name string) bool { return slices.Contains(f.unread, name) }

func (f *File) readOrchestrator(t *tree, n *yaml.Node) {
	known := slices.Concat(settingKeys, selectionKeys, transportSections, []string{"external", "external_plugins", "mode", "standalone", "variants"})
	f.settings, f.transports = map[string]entry{}, map[string]entry{}
	selections := &selections{tree: t, named: map[string]*selection{}}
	top := newSelection("dev", Position{})
	for _, e := range t.entries(n, "orchestrator") {
		switch key := e.key.Value; {
		case slices.Contains(settingKeys, key) || key == "environment":
			f.settings[key] = e
		case slices.Contains(transportSections, key):
			t.entries(e.value, "orchestrator."+key) // reports what is no mapping
			f.transports[key] = e
		case slices.Contains(selectionKeys, key):
			top.read(t, e, "orchestrator")
		case key == "mode":
			top.standalone = readMode(t, e.value)
		case key == "standalone":
			selections.alone = readList(t, e, "orchestrator.standalone", true)
		case key == "variants":
			selections.readVariants(e)
		case key == "external":
			f.readExternals(t, e.value)
		case key == "external_plugins":
			f.readExternalPlugins(t, e.value)
		default:
			t.unknown(e.key, "orchestrator", known)
		}
	}
	selections.addDev(top)
	f.variants = selections.resolve(f.externals, f.plugins)
}

func readMode(t *tree, n *yaml.Node) (standalone bool) {
	if !isText(n) || !slices.Contains(modes, n.Value) {
		t.report(n, "invalid-value", suggestion(n.Value, "modes", modes), "orchestrator.mode is %s, which is no mode", shownValue(n))
	}
	return n.Value == "standalone"
}

var importPath = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~+-]*(/[A-Za-z0-9_][A-Za-z0-9._~+-]*)*$`)

func (f *File) readExternals(t *tree, n *yaml.Node) {
	for _, e := range t.names(n, "orchestrator.external") {
		where := "orchestrator.external." + e.key.Value
		external := External{Name: Name{e.key.Value, t.src.position(e.key)}}
		before := len(t.problems)
		if isText(e.value) {
			path := "github.com/acme/shop/loyalty"
			if importPath.MatchString(e.value.Value) {
				path = e.value.Value
			}
			t.report(e.value, "wrong-type", "write it as "+e.key.Value+": {import: "+path+"}", "%s must be a mapping with the key import", where)
			e.value = nil
		}
		for _, inner := range t.entries(e.value, where) {
			external.read(t, inner, where)
		}
		if external.Import == "" && e.value != nil {
			t.report(e.key, "missing-key", "add import: with the path of its Go package", "%s has no import", where)
		}
		if len(t.problems) > before {
			f.unread = append(f.unread, e.key.Value)
			continue
		}
		f.externals = append(f.externals, external)
	}
	slices.SortFunc(f.externals, func(a, b External) int { return strings.Compare(a.Name.Value, b.Name.Value) })
}

// read reads one key of a service of another module.
func (e *External) read(t *tree, inner entry, where string) {
	switch inner.key.Value {
	case "import":
		e.Import = readImport(t, inner.value, where)
	case "needs":
		list := readList(t, inner, where+".needs", false)
		e.Needs, e.NeedsSet = list.names, list.set
	default:
		t.unknown(inner.key, where, []string{"import", "needs"})
	}
}

// nameList is a list of names in the file; pos is that of its key.
type nameList struct {
	set   bool
	pos   Position
	names []Name
}

// readList reads a list of names. It reports what is no name and what is listed
// twice; needed says that an empty list is a mistake.
func readList(t *tree, e entry, where string, needed bool) nameList {
	list := nameList{set: true, pos: t.src.position(e.key)}
	if !isNull(e.value) && e.value.Kind != yaml.SequenceNode {
		t.report(e.value, "wrong-type", "write it as ["+listHelp(e.value)+"]", "%s must be a list of names, not %s", where, kindOf(e.value))
		return list
	}
	first := map[string]*yaml.Node{}
	for _, item := range e.value.Content {
		if !isText(item) {
			t.report(item, "wrong-type", "", "%s must have names only, not %s", where, kindOf(item))
			continue
		}
		if err := CheckName(item.Value); err != nil {
			t.report(item, "bad-name", "", "%s: %v", where, err)
			continue
		}
		if before, seen := first[item.Value]; seen {
			t.report(item, "duplicate-name", "remove one of the two", "%s: %q is listed twice; the first is at %s",
				where, item.Value, t.src.position(before))
			continue
		}
		first[item.Value] = item
		list.names = append(list.names, Name{item.Value, t.src.position(item)})
	}
	if needed && len(e.value.Content) == 0 {
		t.report(e.key, "empty-selection", "list at least one name, or remove the key", "%s is empty", where)
	}
	return list
}

func listHelp(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && CheckName(n.Value) == nil {
		return n.Value
	}
	return "name, name"
}

// shownImport is shownValue for a path, which may end with @version.
func shownImport(n *yaml.Node) string {
	if isText(n) {
		return quoted(n.Value, importForm)
	}
	return shownValue(n)
}

// shownValue is a scalar for a message.
func shownValue(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		return kindOf(n)
	}
	return quoted(n.Value, nameForm)
}
