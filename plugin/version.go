package plugin

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
)

// version is the part of a semantic version that decides compatibility.
type version struct {
	major, minor, patch uint64
}

// versionPattern is the grammar of semver.org 2.0.0; pre-release and build
// metadata are accepted and do not count.
var versionPattern = regexp.MustCompile(
	`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)` +
		`(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$`)

func parseVersion(text string) (version, error) {
	parts := versionPattern.FindStringSubmatch(text)
	if parts == nil {
		return version{}, fmt.Errorf("%q is no semantic version; write it as 1.2.3", text)
	}
	var numbers [3]uint64
	for i := range numbers {
		n, err := strconv.ParseUint(parts[i+1], 10, 64)
		if err != nil {
			return version{}, fmt.Errorf("%q is no semantic version: %s is too large", text, parts[i+1])
		}
		numbers[i] = n
	}
	return version{numbers[0], numbers[1], numbers[2]}, nil
}

func (v version) compare(other version) int {
	return cmp.Or(
		cmp.Compare(v.major, other.major),
		cmp.Compare(v.minor, other.minor),
		cmp.Compare(v.patch, other.patch),
	)
}

// versionRange is every version from lowest up to, but without, limit.
type versionRange struct {
	lowest, limit version
}

func parseRange(text string) (versionRange, error) {
	operator, rest := "", text
	if text != "" && (text[0] == '^' || text[0] == '~') {
		operator, rest = text[:1], text[1:]
	}
	lowest, err := parseVersion(rest)
	if err != nil {
		return versionRange{}, fmt.Errorf("%q is no version range; write ^1.2.3, ~1.2.3 or 1.2.3", text)
	}
	return versionRange{lowest, upperLimit(operator, lowest)}, nil
}

// upperLimit follows the usual reading of ^: below 1.0.0 the first number that
// is not zero is the one that must stay.
func upperLimit(operator string, v version) version {
	switch {
	case operator == "^" && v.major > 0:
		return version{major: v.major + 1}
	case operator == "^" && v.minor > 0, operator == "~":
		return version{major: v.major, minor: v.minor + 1}
	default:
		return version{v.major, v.minor, v.patch + 1}
	}
}

func (r versionRange) contains(v version) bool {
	return v.compare(r.lowest) >= 0 && v.compare(r.limit) < 0
}
