package config

import (
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// anything decodes into an interface: map[string]any, []any, string, bool,
// int64, float64 or nil.
func (d *decoder) anything(n *yaml.Node, v reflect.Value, where string) {
	if value, ok := d.generic(n, where); ok && value != nil {
		v.Set(reflect.ValueOf(value))
	}
}

func (d *decoder) json(n *yaml.Node, where string) (json.RawMessage, bool) {
	value, ok := d.generic(n, where)
	if !ok {
		return nil, false
	}
	data, err := json.Marshal(value)
	if err != nil {
		d.tree.report(n, "wrong-type", "", "%s has no form in JSON: %v", where, err)
		return nil, false
	}
	return data, true
}

// generic returns the value a node stands for, and false when a part of it was
// reported.
func (d *decoder) generic(n *yaml.Node, where string) (any, bool) {
	before := len(d.tree.problems)
	value := d.genericPart(n, where)
	return value, len(d.tree.problems) == before
}

func (d *decoder) genericPart(n *yaml.Node, where string) any {
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for key, value := range d.pairs(n, where) {
			out[key] = d.genericPart(value, where+"."+key)
		}
		return out
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = d.genericPart(item, fmt.Sprintf("%s[%d]", where, i))
		}
		return list
	}
	return d.genericScalar(n, where)
}

// pairs are the keys and values of a mapping with free keys, where x- is not special.
func (d *decoder) pairs(n *yaml.Node, where string) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; key.Kind != yaml.ScalarNode {
				d.tree.report(key, "wrong-type", "", "a key of %s must be a single value, not %s", where, kindOf(key))
			} else if !yield(key.Value, n.Content[i+1]) {
				return
			}
		}
	}
}

func (d *decoder) genericScalar(n *yaml.Node, where string) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!str", "!!timestamp":
		text, _ := substitute(&d.tree, n, where, d.env)
		return text
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
	case "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return f
		}
	}
	d.tree.report(n, "wrong-type", "", "%s cannot be %s here", where, kindOf(n))
	return nil
}
