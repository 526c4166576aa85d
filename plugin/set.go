package plugin

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Set is the plugins that are linked into a binary.
type Set []Plugin

// NewSet returns the plugins as a set in the order of their results: by
// priority, then by code; the list itself is not changed. The error joins every mistake: a code that occurs
// twice, a manifest that is not valid.
func NewSet(plugins ...Plugin) (Set, error) {
	set := Set(slices.Clone(plugins))
	slices.SortStableFunc(set, func(a, b Plugin) int { return a.Manifest.Compare(b.Manifest) })
	if err := set.mistakes(); err != nil {
		return nil, err
	}
	return set, nil
}

// Compare orders manifests as their results are ordered: by priority, lower
// first, then by code.
func (m Manifest) Compare(other Manifest) int {
	return cmp.Or(cmp.Compare(m.Priority, other.Priority), cmp.Compare(m.Code, other.Code))
}

// mistakes are those of NewSet.
func (s Set) mistakes() error {
	var mistakes []error
	seen := make(map[string]int, len(s))
	for _, p := range s {
		if err := p.Validate(); err != nil {
			mistakes = append(mistakes, err)
		}
		seen[p.Manifest.Code]++
		if seen[p.Manifest.Code] == 2 {
			mistakes = append(mistakes, fmt.Errorf(
				"plugin code %q is used by two linked plugins; a code names one, so rename or drop the other", p.Manifest.Code))
		}
	}
	return errors.Join(mistakes...)
}

// Find returns the plugin with this code, and false when none is linked.
func (s Set) Find(code string) (Plugin, bool) {
	for _, p := range s {
		if p.Manifest.Code == code {
			return p, true
		}
	}
	return Plugin{}, false
}

// Codes returns the codes of all plugins, sorted by name.
func (s Set) Codes() []string {
	codes := make([]string, 0, len(s))
	for _, p := range s {
		codes = append(codes, p.Manifest.Code)
	}
	slices.Sort(codes)
	return codes
}
