package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// validate adds to the problems of a section what the checks of its settings say, each
// with a position. What they say of a value that could not be read follows from that.
func (f *File) validate(s section, problems Problems, checks []func() error) Problems {
	var unread [][]string
	for _, p := range problems {
		if p.Code != "unknown-key" { // a key that nobody knows says nothing about values
			unread = append(unread, keyAt(s.settings, p.Position(), nil))
		}
	}
	for _, check := range checks {
		for _, err := range separate(check()) {
			if !slices.ContainsFunc(unread, func(key []string) bool { return concerns(err, key) }) {
				problems = append(problems, f.src.problem(f.place(s, keyOf(err)), "invalid-setting", fmt.Sprintf("%s: %v", s.where, err), ""))
			}
		}
	}
	return problems
}

// keyOf is the path of keys that the text of an error may begin with.
func keyOf(err error) []string {
	key, _, _ := strings.Cut(err.Error(), " ")
	return strings.Split(strings.TrimSuffix(key, ":"), ".")
}

// place is where a key of a section is; that of the section when it has no such key.
func (f *File) place(s section, key []string) Position {
	switch n := find(s.settings, key); {
	case n != nil:
		return f.src.position(n)
	case s.written.key != nil:
		return f.src.position(s.written.key)
	case s.settings != nil:
		return f.src.position(s.settings)
	}
	return Position{Path: f.Path()}
}

// keyAt are the keys above the value at a position, without places in lists.
func keyAt(n *yaml.Node, pos Position, above []string) []string {
	if n == nil {
		return nil
	}
	if n.Line == pos.Line && n.Column == pos.Column {
		return above
	}
	for i, child := range n.Content {
		path := above
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			path = append(slices.Clip(above), n.Content[i-1].Value)
		}
		if found := keyAt(child, pos, path); found != nil {
			return found
		}
	}
	return nil
}

// word is a key in the text of an error.
var word = regexp.MustCompile(`[A-Za-z0-9_-]+`)

// concerns tells whether an error is about a key, one above or below it, or names it.
func concerns(err error, key []string) bool {
	if len(key) == 0 {
		return false
	}
	about := keyOf(err)
	shared := min(len(about), len(key))
	return slices.Equal(about[:shared], key[:shared]) || slices.Contains(word.FindAllString(err.Error(), -1), key[len(key)-1])
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

// find returns the value at a path of keys, nil when there is none. In a list the
// last key is an item.
func find(n *yaml.Node, path []string) *yaml.Node {
	if n == nil || len(path) == 0 {
		return n
	}
	for i, item := range n.Content {
		key := item.Kind == yaml.ScalarNode && item.Value == path[0]
		switch {
		case key && n.Kind == yaml.SequenceNode && len(path) == 1:
			return item
		case key && n.Kind == yaml.MappingNode && i%2 == 0:
			return find(n.Content[i+1], path[1:])
		}
	}
	return nil
}
