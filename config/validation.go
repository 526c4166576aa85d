package config

import (
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// validate asks the settings themselves, and gives their errors a position.
func (f *File) validate(s section, into any) Problems {
	v, ok := into.(Validator)
	if !ok {
		return nil
	}
	pos := Position{Path: f.Path()}
	if s.written.key != nil {
		pos = f.src.position(s.written.key)
	} else if s.settings != nil {
		pos = f.src.position(s.settings)
	}
	var problems Problems
	for _, err := range separate(v.Validate()) {
		at := pos
		key, _, _ := strings.Cut(err.Error(), " ")
		if n := find(s.settings, strings.Split(key, ".")); n != nil {
			at = f.src.position(n)
		}
		problems = append(problems, f.src.problem(at, "invalid-setting", fmt.Sprintf("%s: %v", s.where, err), ""))
	}
	return problems
}

// separate takes apart what errors.Join put together; nil gives none.
func separate(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	// An error with a text of its own around the others stays whole.
	if whole := errors.Join(joined.Unwrap()...); whole == nil || whole.Error() != err.Error() {
		return []error{err}
	}
	var out []error
	for _, part := range joined.Unwrap() {
		out = append(out, separate(part)...)
	}
	return out
}

// find returns the value at a path of keys, nil when there is none.
func find(n *yaml.Node, path []string) *yaml.Node {
	if n == nil || len(path) == 0 {
		return n
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value == path[0] {
			return find(n.Content[i+1], path[1:])
		}
	}
	return nil
}
