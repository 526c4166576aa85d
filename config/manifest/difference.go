package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Diff compares a binary's manifest with what config.yml asks for now and
// returns one readable line for each difference, in a fixed order: services,
// plugins, transports, remote services, the rest. No difference gives nil.
func Diff(m Manifest, asked Selection) []string {
	m, asked = m.normal(), asked.normal()
	var lines []string
	if m.Variant != asked.Variant {
		lines = append(lines, fmt.Sprintf("this binary is the variant %s, not %s", m.Variant, asked.Variant))
	}
	lines = append(lines, sets("", "", asked.Services, m.ServiceNames())...)
	lines = append(lines, pluginLines(m.Selection.Plugins, asked.Plugins)...)
	// Not m.Transports: what is only there by default is left out of a tree that has it not.
	lines = append(lines, sets("transport ", "", asked.Transports, m.Selection.Transports)...)
	lines = append(lines, sets("", " remote", asked.Remote, m.Selection.Remote)...)
	if m.Selection.Standalone != asked.Standalone {
		lines = append(lines, fmt.Sprintf("standalone is %t in config.yml and %t in this binary", asked.Standalone, m.Selection.Standalone))
	}
	lines = append(lines, externalLines(m.Selection.External, asked.External)...)
	lines = append(lines, externalLines(m.Selection.ExternalPlugins, asked.ExternalPlugins)...)
	if len(lines) == 0 && m.Config != asked.Digest() {
		lines = append(lines, "the selection in config.yml is not the one this binary was generated from")
	}
	return lines
}

// sets lists what is in one list and not in the other, with words before and behind the
// name; both are sorted.
func sets(what, is string, asked, linked []string) []string {
	var lines []string
	for _, name := range asked {
		if !slices.Contains(linked, name) {
			lines = append(lines, what+name+" is"+is+" in config.yml but not in this binary")
		}
	}
	for _, name := range linked {
		if !slices.Contains(asked, name) {
			lines = append(lines, what+name+" is"+is+" in this binary but not in config.yml")
		}
	}
	return lines
}

func pluginLines(recorded, asked []string) []string {
	switch {
	case recorded == nil && asked == nil:
		return nil
	case recorded == nil:
		return []string{fmt.Sprintf("config.yml lists its plugins (%s); this binary was generated with the default", list(asked))}
	case asked == nil:
		return []string{fmt.Sprintf("config.yml takes the default plugins; this binary was generated with a list (%s)", list(recorded))}
	}
	return sets("plugin ", "", asked, recorded)
}

func externalLines(recorded, asked map[string]string) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if was, ok := recorded[name]; ok && was != asked[name] {
			lines = append(lines, fmt.Sprintf("%s is %s in config.yml and %s in this binary", name, asked[name], was))
		}
	}
	return lines
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
