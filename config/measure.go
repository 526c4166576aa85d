package config

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

const (
	// maxNodes is how many keys, values, lists and mappings a file may have, also
	// once its aliases stand for what they name.
	maxNodes = 100_000
	// maxDepth is how deep lists and mappings may nest.
	maxDepth = 100
)

// measure refuses what would take long to look at, whatever it says.
func measure(src *source, root *yaml.Node) Problems {
	m := &measuring{}
	m.count(root, 1)
	switch {
	case m.deep != nil:
		return Problems{src.problem(src.position(m.deep), "too-deep",
			fmt.Sprintf("this nests deeper than the %d lists and mappings that are read", maxDepth), largeHelp)}
	case m.beyond != nil:
		return Problems{src.problem(src.position(m.beyond), "too-large",
			fmt.Sprintf("the file has more than the %d keys and values that are read", maxNodes), largeHelp)}
	}
	return nil
}

// measuring has the first nodes beyond the bounds.
type measuring struct {
	nodes        int
	deep, beyond *yaml.Node
}

func (m *measuring) count(n *yaml.Node, depth int) {
	if m.nodes++; m.nodes > maxNodes && m.beyond == nil {
		m.beyond = n
	}
	if depth > maxDepth && m.deep == nil {
		m.deep = n
	}
	if m.beyond != nil || m.deep != nil {
		return
	}
	for _, child := range n.Content {
		m.count(child, depth+1)
	}
}
