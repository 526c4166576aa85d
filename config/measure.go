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
	nodes := 0
	var problems Problems
	var count func(n *yaml.Node, depth int)
	count = func(n *yaml.Node, depth int) {
		switch nodes++; {
		case problems != nil:
		case depth > maxDepth:
			problems = Problems{src.problem(src.position(n), "too-deep",
				fmt.Sprintf("this nests deeper than the %d lists and mappings that are read", maxDepth), largeHelp)}
		case nodes > maxNodes:
			problems = Problems{src.problem(src.position(n), "too-large",
				fmt.Sprintf("the file has more than the %d keys and values that are read", maxNodes), largeHelp)}
		default:
			for _, child := range n.Content {
				count(child, depth+1)
			}
		}
	}
	count(root, 1)
	return problems
}
