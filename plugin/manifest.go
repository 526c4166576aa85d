package plugin

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Manifest says what a plugin is. It is data: reading it runs nothing.
type Manifest struct {
	// Code identifies the plugin everywhere: in config.yml, in results and in
	// its folder's name. Lower-case letters, digits and hyphens.
	Code string
	// DisplayName is the name a person reads.
	DisplayName string
	// Description is one sentence on what the plugin offers.
	Description string
	// Version is the plugin's own semantic version, such as "1.2.0".
	Version string
	// APIVersion is the range of SDK versions the plugin works with: "^1.0.0"
	// (same major), "~1.2.0" (same minor) or "1.0.0" (exactly).
	APIVersion string
	// Domains lists what the plugin serves; at least one.
	Domains []Domain
	// Priority orders results: lower comes first, equal ones by code. Default 0.
	Priority int
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

const maxCodeLength = 64

// Validate returns every mistake in the manifest, joined, each naming the
// plugin and the field; nil when there is none. A plugin that was written for
// another SDK version is valid, see [Manifest.Compatible].
func (m Manifest) Validate() error {
	var mistakes []error
	report := func(format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("plugin %q: "+format, append([]any{m.Code}, args...)...))
	}
	if !codePattern.MatchString(m.Code) || len(m.Code) > maxCodeLength {
		report("Code must be lower-case letters, digits and single hyphens, at most %d characters", maxCodeLength)
	}
	if m.DisplayName == "" {
		report("DisplayName is empty; write the name that people read")
	}
	if _, err := parseVersion(m.Version); err != nil {
		report("Version: %w", err)
	}
	if _, err := parseRange(m.APIVersion); err != nil {
		report("APIVersion: %w", err)
	}
	for _, mistake := range domainMistakes(m.Domains) {
		report("%s", mistake)
	}
	return errors.Join(mistakes...)
}

func domainMistakes(domains []Domain) []string {
	if len(domains) == 0 {
		return []string{"Domains is empty; name at least one of " + DomainList()}
	}
	var mistakes []string
	seen := make(map[Domain]bool, len(domains))
	for _, d := range domains {
		if !d.Valid() {
			mistakes = append(mistakes, fmt.Sprintf("Domains has %q, which is not a domain; the domains are %s", d, DomainList()))
		}
		if seen[d] {
			mistakes = append(mistakes, fmt.Sprintf("Domains has %q twice", d))
		}
		seen[d] = true
	}
	return mistakes
}

// Serves reports whether the plugin declares domain d.
func (m Manifest) Serves(d Domain) bool {
	return slices.Contains(m.Domains, d)
}

// Compatible reports whether this SDK's APIVersion lies in the manifest's range.
// A range that cannot be read is not compatible.
func (m Manifest) Compatible() bool {
	accepted, err := parseRange(m.APIVersion)
	if err != nil {
		return false
	}
	sdk, err := parseVersion(APIVersion)
	return err == nil && accepted.contains(sdk)
}
