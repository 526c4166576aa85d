package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// File is a config.yml that was read and found valid in everything that does
// not depend on the environment. Default gives one without a file.
type File struct {
	src          *source
	settings     map[string]entry            // run-time keys of the section orchestrator
	transports   map[string]entry            // orchestrator.<transport>
	services     map[string]entry            // services.<name>
	environments map[string]map[string]entry // environments.<name>.services.<name>
	variants     []Variant
	externals    []External
	plugins      []ExternalPlugin
	unread       []string        // names of externals with mistakes
	references   map[string]bool // names of the variables that ${...} mentions
}

// Load reads and checks the config.yml at path, as Read and Parse do. The error is
// Problems when the file is wrong, and wraps the file system's error when it
// cannot be read.
func Load(path string) (*File, error) {
	data, err := Read(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Default returns the File of a process that has no config.yml: every setting
// has its default and there are no variants.
func Default() *File {
	return &File{src: newSource("", nil)}
}

// Parse checks data as a config.yml; name is the path that messages show. The
// error is Problems: all that is wrong, sorted by position.
func Parse(name string, data []byte) (*File, error) {
	f, problems := ParsePartial(name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// ParsePartial is Parse for those who look for mistakes of their own in the same
// file and report all of them together: beside the problems it returns what
// could be read. The file is nil when it is no YAML; with problems it is good for nothing else.
func ParsePartial(name string, data []byte) (*File, Problems) {
	src := newSource(name, data)
	if problems := scan(src, data); len(problems) > 0 {
		return nil, problems
	}
	root, problems := parseTree(src, data)
	if len(problems) > 0 {
		return nil, problems
	}
	f := &File{src: src}
	if root == nil {
		return f, nil
	}
	src.veil = newVeil(src, root)
	if problems := measure(src, root); len(problems) > 0 {
		return nil, problems
	}
	t := &tree{src: src}
	t.inspect(root, false)
	f.read(t, root)
	return f, t.problems
}

// Path returns the path that the file was read from, empty for Default.
func (f *File) Path() string { return f.src.path }

// Problem makes a Problem at a position in this file, with the excerpt of the
// line. It is for those who find a mistake that only they can see, such as a
// name of no service.
func (f *File) Problem(pos Position, code, message, help string) Problem {
	return f.src.problem(pos, code, message, help)
}

// Services returns the names under services, and under those of environments,
// sorted, each once.
func (f *File) Services() []Name {
	var names []Name
	for _, section := range append(slices.Collect(maps.Values(f.environments)), f.services) {
		for name, e := range section {
			names = append(names, Name{name, f.src.position(e.key)})
		}
	}
	slices.SortFunc(names, func(a, b Name) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), a.Pos.Line-b.Pos.Line, a.Pos.Column-b.Pos.Column)
	})
	return slices.CompactFunc(names, func(a, b Name) bool { return a.Value == b.Value })
}

var sections = []string{"environments", "orchestrator", "services"}

func (f *File) read(t *tree, root *yaml.Node) {
	for _, e := range t.entries(root, "the file") {
		switch e.key.Value {
		case "orchestrator":
			t.refuseAliases(e.value)
			f.readOrchestrator(t, e.value)
		case "services":
			f.services = readServices(t, t.expand(e.value), "services")
		case "environments":
			f.readEnvironments(t, t.expand(e.value))
		default:
			t.unknown(e.key, "the file", sections)
		}
	}
	f.references = map[string]bool{}
	collectReferences(root, f.references)
}

func readServices(t *tree, n *yaml.Node, where string) map[string]entry {
	out := map[string]entry{}
	for _, e := range t.names(n, where) {
		t.entries(e.value, where+"."+e.key.Value) // reports what is no mapping
		out[e.key.Value] = e
	}
	return out
}

func (f *File) readEnvironments(t *tree, n *yaml.Node) {
	f.environments = map[string]map[string]entry{}
	for _, e := range t.entries(n, "environments") {
		if !slices.Contains(environments, e.key.Value) {
			t.report(e.key, "unknown-key", suggestion(e.key.Value, "environments", environments),
				"unknown environment %q", e.key.Value)
			continue
		}
		where := "environments." + e.key.Value
		for _, inner := range t.entries(e.value, where) {
			if inner.key.Value != "services" {
				t.unknown(inner.key, where, []string{"services"})
				continue
			}
			f.environments[e.key.Value] = readServices(t, inner.value, where+".services")
		}
	}
}
