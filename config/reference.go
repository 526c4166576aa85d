package config

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// reference matches ${VAR}, ${VAR:-default}, and the escape $${.
var reference = regexp.MustCompile(`\$\$\{|\$\{([^}]*)\}?`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func hasReference(text string) bool { return strings.Contains(text, "${") }

// substitute returns a scalar's text with its references replaced. It reports
// those that are malformed, and those that are unset and have no default, and
// returns false for them. where names the setting.
func substitute(t *tree, n *yaml.Node, where string, env lookup) (string, bool) {
	if !hasReference(n.Value) {
		return n.Value, true
	}
	good := true
	text := reference.ReplaceAllStringFunc(n.Value, func(match string) string {
		if match == "$${" {
			return "${"
		}
		name, fallback, hasFallback := strings.Cut(strings.TrimSuffix(match[2:], "}"), ":-")
		if !strings.HasSuffix(match, "}") || !variableName.MatchString(name) {
			t.report(n, "bad-reference", "write ${NAME} or ${NAME:-default}; $${ stands for a plain ${", "%s has a malformed reference", where)
			good = false
			return match
		}
		value, ok := env(name)
		switch {
		case ok && (value != "" || !hasFallback):
			return value
		case hasFallback:
			return fallback
		}
		t.report(n, "unset-variable", "set "+name+", or write ${"+name+":-default}", "%s needs the variable %s, which is not set", where, name)
		good = false
		return match
	})
	return text, good
}

// mentioned lists the references in a text, without the defaults in them and the
// text around them, which may be part of a secret.
func mentioned(text string) string {
	var list []string
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		if name, _, _ := strings.Cut(match[1], ":-"); variableName.MatchString(name) {
			list = append(list, "${"+name+"}")
		}
	}
	return strings.Join(list, " and ")
}

// collectReferences notes the names of all variables that are mentioned below n.
func collectReferences(n *yaml.Node, into map[string]bool) {
	for _, match := range reference.FindAllStringSubmatch(n.Value, -1) {
		name, _, _ := strings.Cut(match[1], ":-")
		into[name] = true
	}
	for _, child := range n.Content {
		collectReferences(child, into)
	}
}
