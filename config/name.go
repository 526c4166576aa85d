package config

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// Name is a name in config.yml and where it stands.
type Name struct {
	Value string
	Pos   Position
}

// String returns the name itself.
func (n Name) String() string { return n.Value }

// maxName is the longest name, in bytes: a DNS label, which is also what fits
// every file system and metric label.
const maxName = 63

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// reservedVariants are targets of orchestrator/BUILD.bazel that are no variants, and
// what Bazel takes for all of them.
var reservedVariants = []string{"all", "all-targets", "all_variants", "custom", "orchestrator"}

// unusable are names that the go command or a file system treats specially.
var unusable = []string{"aux", "con", "init", "internal", "main", "nul", "prn", "testdata", "vendor"}

// devicePattern matches the devices that Windows sees in every folder.
var devicePattern = regexp.MustCompile(`^(?:com|lpt)[0-9]$`)

// ignoredPrefix begins the keys that nothing reads. No name begins so: where names
// are keys, what was meant could not be told.
const ignoredPrefix = "x-"

// CheckName says why a text cannot be the name of a service, a plugin or a
// variant; nil means that it can. A name begins with a small letter, has only
// small letters, digits and hyphens, does not begin with x-, is at most 63
// characters long, and is no Go keyword and none of the few names that the go
// command or a file system treats specially. It is therefore safe in a path, in
// Go source and in a label.
func CheckName(name string) error {
	if strings.HasPrefix(name, ignoredPrefix) {
		return fmt.Errorf("%s cannot be a name: what begins with %s is ignored, at the top of the file for instance", QuotedName(name), ignoredPrefix)
	}
	return checkLabel(name)
}

// checkLabel is CheckName for what is never a key of the file.
func checkLabel(name string) error {
	switch {
	case len(name) > maxName:
		return fmt.Errorf("a name has at most %d characters, this one has %d", maxName, len(name))
	case !namePattern.MatchString(name):
		return fmt.Errorf("%s is no name: it must begin with a small letter and have only small letters, digits and hyphens", QuotedName(name))
	case token.IsKeyword(name):
		return fmt.Errorf("%q is a Go keyword and cannot be a name", name)
	case slices.Contains(unusable, name), devicePattern.MatchString(name):
		return fmt.Errorf("%q has a special meaning to the go command or a file system and cannot be a name", name)
	}
	return nil
}
