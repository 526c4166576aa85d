package config

import (
	"encoding/json"
	"fmt"
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
	switch n.Kind {
	case yaml.MappingNode:
		return d.genericMap(n, where)
	case yaml.SequenceNode:
		list, good := make([]any, 0, len(n.Content)), true
		for i, item := range n.Content {
			value, ok := d.generic(item, fmt.Sprintf("%s[%d]", where, i))
			list, good = append(list, value), good && ok
		}
		return list, good
	default:
		return d.genericScalar(n, where)
	}
}

func (d *decoder) genericMap(n *yaml.Node, where string) (any, bool) {
	out, good := map[string]any{}, true
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			d.tree.report(key, "wrong-type", "", "a key of %s must be a single value, not %s", where, kindOf(key))
			good = false
			continue
		}
		value, ok := d.generic(n.Content[i+1], where+"."+key.Value)
		out[key.Value], good = value, good && ok
	}
	return out, good
}

func (d *decoder) genericScalar(n *yaml.Node, where string) (any, bool) {
	switch n.Tag {
	case "!!null":
		return nil, true
	case "!!str", "!!timestamp":
		return substitute(&d.tree, n, where, d.env)
	case "!!bool":
		return strings.EqualFold(n.Value, "true"), true
	case "!!int":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i, true
		}
	case "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return f, true
		}
	}
	d.tree.report(n, "wrong-type", "", "%s cannot be %s here", where, kindOf(n))
	return nil, false
}
