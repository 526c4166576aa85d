package modules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// modFile is what a go.mod or a go.work says of modules.
type modFile struct {
	module, language string
	requires         []requirement
	replaces         []replacement
	uses             []string
}

// requirement is a module and its version.
type requirement struct{ path, version string }

// replacement stands in the place of a module; without a version, of any version.
type replacement struct{ path, version, with, withVersion string }

// parse reads a file leniently: what is wrong in it is for the go command to say.
func parse(text string) modFile {
	var file modFile
	block := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(line))
		switch {
		case len(words) == 0:
		case words[0] == ")":
			block = ""
		case len(words) == 2 && words[1] == "(":
			block = words[0]
		case block != "":
			file.add(block, words)
		default:
			file.add(words[0], words[1:])
		}
	}
	return file
}

// add notes one statement.
func (f *modFile) add(verb string, words []string) {
	for i, word := range words {
		if plain, err := strconv.Unquote(word); err == nil {
			words[i] = plain
		}
	}
	switch {
	case verb == "module" && len(words) == 1:
		f.module = words[0]
	case verb == "go" && len(words) == 1:
		f.language = words[0]
	case verb == "require" && len(words) == 2:
		f.requires = append(f.requires, requirement{words[0], words[1]})
	case verb == "use" && len(words) == 1:
		f.uses = append(f.uses, words[0])
	case verb == "replace":
		f.replace(words)
	}
}

// replace reads PATH [VERSION] => DIR, or => PATH VERSION.
func (f *modFile) replace(words []string) {
	old, with, ok := strings.Cut(strings.Join(words, " "), " => ")
	if !ok {
		return
	}
	var r replacement
	r.path, r.version, _ = strings.Cut(old, " ")
	r.with, r.withVersion, _ = strings.Cut(with, " ")
	f.replaces = append(f.replaces, r)
}

// before tells whether the file is written for a Go before major.minor; one that
// does not say is for the oldest.
func (f *modFile) before(major, minor int) bool {
	var m, n int
	if _, err := fmt.Sscanf(f.language, "%d.%d", &m, &n); err != nil {
		return true
	}
	return m < major || m == major && n < minor
}

// knows tells whether the module is one of paths or requires one.
func (f *modFile) knows(paths ...string) bool {
	return slices.Contains(paths, f.module) ||
		slices.ContainsFunc(f.requires, func(r requirement) bool { return slices.Contains(paths, r.path) })
}
