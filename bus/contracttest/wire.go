package contracttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/shopanaio/orchestrator/bus/internal/codec"
)

// compareWire reads a recorded value into the type as it is now, writes it again,
// and lists what did not survive.
func compareWire[T any](what string, recorded json.RawMessage) []string {
	again, err := rewritten(reflect.TypeFor[T](), recorded)
	if err != nil {
		return []string{fmt.Sprintf("%s as recorded %v", what, err)}
	}
	return lost(what, tree(recorded), tree(again))
}

// rewritten is a value after its type read it and wrote it again. The errors go on
// after the name of the value.
func rewritten(t reflect.Type, wire json.RawMessage) (json.RawMessage, error) {
	v := reflect.New(t)
	if err := codec.Strict(wire, v.Interface()); err != nil {
		return nil, fmt.Errorf("cannot be read again: %w", err)
	}
	again, err := json.Marshal(v.Elem().Interface())
	if err != nil {
		return nil, fmt.Errorf("cannot be written again: %w", err)
	}
	return again, nil
}

// tree is JSON as maps, lists and exact numbers. The text was valid before.
func tree(text []byte) (v any) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&v) != nil {
		return nil
	}
	return v
}

// lost lists what old has and now has not, by paths. An empty value may have gone:
// it reads as the same.
func lost(at string, old, now any) []string {
	if members, ok := old.(map[string]any); ok {
		other, _ := now.(map[string]any)
		var all []string
		for _, name := range sorted(members) {
			if _, there := other[name]; there || !empty(members[name]) {
				all = append(all, lost(at+"."+name, members[name], other[name])...)
			}
		}
		return all
	}
	if items, ok := old.([]any); ok {
		other, _ := now.([]any)
		if len(other) != len(items) {
			return []string{fmt.Sprintf("%s had %d elements and has %d", at, len(items), len(other))}
		}
		var all []string
		for i := range items {
			all = append(all, lost(fmt.Sprintf("%s[%d]", at, i), items[i], other[i])...)
		}
		return all
	}
	if old == now {
		return nil
	}
	return []string{fmt.Sprintf("%s was %v and reads as %v", at, old, now)}
}

func empty(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return slices.Contains([]any{nil, "", false, json.Number("0")}, v)
}

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
