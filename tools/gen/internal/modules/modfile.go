package modules

import (
	"fmt"
	"strconv"
	"strings"
)

// modFile is what a go.mod or a go.work says of modules.
type modFile struct {
	module, language string
	// requires has versions by path.
	requires map[string]string
	replaces []replacement
	uses     []string
}

// replacement stands in the place of a module; without a version, of any version.
type replacement struct{ path, version, with, withVersion string }

// isDir tells a folder from another module.
func (r replacement) isDir() bool { return r.withVersion == "" }

// parse reads a file leniently: what is wrong in it is for the go command to say.
func parse(text string) modFile {
	file := modFile{requires: make(map[string]string)}
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
		f.requires[words[0]] = words[1]
	case verb == "use" && len(words) == 1:
		f.uses = append(f.uses, words[0])
	case verb == "replace":
		f.replace(words)
	}
}

// replace reads PATH [VERSION] => DIR, or => PATH VERSION.
func (f *modFile) replace(words []string) {
	text := strings.Join(words, " ")
	old, with, ok := strings.Cut(text, " => ")
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
