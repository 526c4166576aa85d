package config

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// entry is one key of a mapping with its value.
type entry struct {
	key, value *yaml.Node
}

// tree walks the nodes of one file and collects what is wrong with them.
type tree struct {
	src      *source
	problems Problems
	hints    Hints
}

func (t *tree) report(n *yaml.Node, code, help, format string, args ...any) {
	if n.Kind == yaml.AliasNode && code != "alias" {
		return // that it is an alias was reported, and what it stands for is not looked at
	}
	t.problems = append(t.problems, t.src.problem(t.src.position(n), code, fmt.Sprintf(format, args...), help))
}

// entries returns the keys of a mapping without those that are ignored.
func (t *tree) entries(n *yaml.Node, where string) []entry {
	return slices.DeleteFunc(t.keys(n, where), func(e entry) bool { return strings.HasPrefix(e.key.Value, ignoredPrefix) })
}

// names returns the keys of a mapping whose keys are names, and reports what is none.
func (t *tree) names(n *yaml.Node, where string) []entry {
	return slices.DeleteFunc(t.keys(n, where), func(e entry) bool {
		err := CheckName(e.key.Value)
		if err != nil {
			t.report(e.key, "bad-name", "", "%s: %v", where, err)
		}
		return err != nil
	})
}

// keys returns those of a mapping. An empty value is an empty mapping. Duplicates have
// been reported before; the first one counts.
func (t *tree) keys(n *yaml.Node, where string) []entry {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		t.report(n, "wrong-type", "", "%s must be a mapping of keys to values, not %s", where, kindOf(n))
		return nil
	}
	var out []entry
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !isText(key) {
			t.reportKey(key, where)
			continue
		}
		if seen[key.Value] {
			continue
		}
		seen[key.Value] = true
		out = append(out, entry{key, value})
	}
	return out
}

func (t *tree) reportKey(key *yaml.Node, where string) {
	if key.Tag == "!!merge" {
		t.report(key, "alias", "write the keys out; a variant can extend another one", "merge keys are not read in %s", where)
		return
	}
	t.report(key, "wrong-type", "put the key in quotes", "a key of %s must be a name, not %s", where, kindOf(key))
}

// unknown reports a key that nothing reads.
func (t *tree) unknown(key *yaml.Node, where string, known []string) {
	t.report(key, "unknown-key", suggestion(key.Value, "known keys", known), "unknown key%s in %s", t.named(key), where)
}

// named is a key for a message, with a space before it; nothing when it may be a
// value that lost its key.
func (t *tree) named(key *yaml.Node) string {
	if !t.src.veil.shows(key) {
		return ""
	}
	return fmt.Sprintf(" %q", redact(key.Value))
}

// inspect reports what the parser lets pass, anywhere in the file: keys that
// occur twice in one mapping, at the second place and with the first, keys that
// are aliases, and tags, which nothing reads. Tags below x- keys are allowed.
func (t *tree) inspect(n *yaml.Node, free bool) {
	if n.Style&yaml.TaggedStyle != 0 && !free {
		tag := ""
		if t.src.veil.shows(n) || slices.Contains(coreTags, n.Tag) {
			tag = " such as " + n.Tag
		}
		t.report(n, "tag", "remove the tag; a text that looks like something else needs quotes", "tags%s are not read", tag)
	}
	if n.Kind != yaml.MappingNode {
		for _, child := range n.Content {
			t.inspect(child, free)
		}
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		t.inspectKey(key, first)
		t.inspect(key, free)
		t.inspect(value, free || strings.HasPrefix(key.Value, ignoredPrefix))
	}
}

// coreTags are those of YAML itself; any other may be a value that begins with !.
var coreTags = []string{"!!binary", "!!bool", "!!float", "!!int", "!!map", "!!null", "!!seq", "!!set", "!!str", "!!timestamp"}

func (t *tree) inspectKey(key *yaml.Node, first map[string]*yaml.Node) {
	switch before, seen := first[key.Value]; {
	case key.Kind == yaml.AliasNode:
		t.report(key, "alias", "write the key out", "a key cannot be an alias")
	case key.Kind != yaml.ScalarNode:
	case seen:
		t.report(key, "duplicate-key", "remove one of the two", "the key%s is here a second time; the first is at %s",
			t.named(key), t.src.position(before))
	default:
		first[key.Value] = key
	}
}

// refuseAliases reports anchors and aliases below n: a selection must say in one
// place, in plain words, what it selects. Merge keys are reported as keys.
func (t *tree) refuseAliases(n *yaml.Node) {
	const help = "write the value out; a variant can extend another one"
	switch {
	case n.Kind == yaml.AliasNode:
		t.report(n, "alias", help, "aliases are not read in the section orchestrator")
		return
	case n.Anchor != "":
		t.report(n, "alias", help, "anchors are not read in the section orchestrator")
	}
	for _, child := range n.Content {
		t.refuseAliases(child)
	}
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

func isText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!str"
}

// kindOf names what a node holds, in words for a message.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if kind, known := scalarKinds[n.Tag]; known {
		return kind
	}
	return "a value with a tag of its own"
}

var scalarKinds = map[string]string{
	"!!str": "a text", "!!timestamp": "a text", "!!int": "a number", "!!float": "a number",
	"!!bool": "true or false", "!!null": "empty", "!!merge": "a merge key",
}
