package config

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// expansion copies nodes with aliases and merge keys replaced by what they
// stand for, so that the rest of the package meets plain trees only.
type expansion struct {
	tree *tree
	open []*yaml.Node // the anchors that are being expanded
	left int
	deep int // how many nodes are around the one that is copied
	full bool
}

// expand returns a plain copy of n. It reports an alias that contains itself,
// and a file whose aliases multiply without bound.
func (t *tree) expand(n *yaml.Node) *yaml.Node {
	e := &expansion{tree: t, left: maxNodes}
	return e.copy(n)
}

func (e *expansion) copy(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return e.alias(n)
	}
	if e.left--; e.left < 0 || e.deep >= maxDepth {
		e.overflow(n)
		return empty(n)
	}
	e.deep++
	defer func() { e.deep-- }()
	plain := *n
	plain.Anchor, plain.Content = "", nil
	if n.Kind == yaml.MappingNode {
		e.mapping(&plain, n)
		return &plain
	}
	for _, child := range n.Content {
		plain.Content = append(plain.Content, e.copy(child))
	}
	return &plain
}

func (e *expansion) alias(n *yaml.Node) *yaml.Node {
	if slices.Contains(e.open, n.Alias) {
		e.tree.report(n, "alias", "", "the alias *%s stands inside its own anchor", n.Value)
		return empty(n)
	}
	e.open = append(e.open, n.Alias)
	plain := e.copy(n.Alias)
	e.open = e.open[:len(e.open)-1]
	return plain
}

// mapping copies a mapping's own keys first, then those of its merge keys that
// it has not itself.
func (e *expansion) mapping(plain, n *yaml.Node) {
	has := map[string]bool{}
	var sources []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag != "!!merge" {
			has[key.Value] = true
			plain.Content = append(plain.Content, e.copy(key), e.copy(value))
		} else if value = e.copy(value); value.Kind == yaml.SequenceNode {
			sources = append(sources, value.Content...)
		} else {
			sources = append(sources, value)
		}
	}
	for _, from := range sources {
		e.merge(plain, from, has)
	}
}

func (e *expansion) merge(plain, from *yaml.Node, has map[string]bool) {
	if from.Kind != yaml.MappingNode {
		e.tree.report(from, "wrong-type", "", "a merge key takes a mapping or a list of mappings, not %s", kindOf(from))
		return
	}
	for i := 0; i+1 < len(from.Content); i += 2 {
		if key := from.Content[i]; !has[key.Value] {
			has[key.Value] = true
			plain.Content = append(plain.Content, key, from.Content[i+1])
		}
	}
}

func (e *expansion) overflow(n *yaml.Node) {
	if !e.full {
		e.full = true
		e.tree.report(n, "alias", "", "the aliases in this file multiply to more than %d values, or nest them deeper than %d", maxNodes, maxDepth)
	}
}

// empty stands in for what could not be expanded.
func empty(n *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
}

// overlay merges over into base, mapping by mapping; any other value of over
// replaces the one of base. Neither argument is changed.
func overlay(base, over *yaml.Node) *yaml.Node {
	switch {
	case over == nil:
		return base
	case base == nil || base.Kind != yaml.MappingNode || over.Kind != yaml.MappingNode:
		return over
	}
	merged := *base
	merged.Content = slices.Clone(base.Content)
	places := map[string]int{} // of the values; the first one of a key counts
	for i := len(base.Content) - 2; i >= 0; i -= 2 {
		if base.Content[i].Kind == yaml.ScalarNode {
			places[base.Content[i].Value] = i + 1
		}
	}
	for i := 0; i+1 < len(over.Content); i += 2 {
		key, value := over.Content[i], over.Content[i+1]
		if at, ok := places[key.Value]; ok {
			merged.Content[at-1], merged.Content[at] = key, overlay(merged.Content[at], value)
			continue
		}
		merged.Content = append(merged.Content, key, value)
	}
	return &merged
}
