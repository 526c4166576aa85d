package output

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/shopanaio/orchestrator/tools/gen/internal/render"
)

// harmless tells whether a file that is not as gen wrote it has nothing in it that
// somebody else did: a merge that met a conflict, whose two sides the version
// control keeps, or a part of what belongs there.
func harmless(old, next []byte) bool {
	return conflicted(old) || partOf(old, next)
}

// markers begin the lines that a merge puts around the sides of a conflict.
var markers = []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}

func isMarker(line string) bool {
	for _, marker := range markers {
		rest, found := strings.CutPrefix(line, marker)
		if found && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// conflicted tells whether a merge left its marks in a generated file.
func conflicted(data []byte) bool {
	begun, parted := false, false
	for line := range strings.Lines(string(data)) {
		switch line = strings.TrimRight(line, "\r\n"); {
		case !isMarker(line):
		case line[0] == '<':
			begun, parted = true, false
		case line[0] == '=':
			parted = begun
		case line[0] == '>' && parted:
			return render.Generated(data)
		}
	}
	return false
}

// manifestDigest is a line of a manifest that changes with every other one.
var manifestDigest = regexp.MustCompile(`^  "(?:config|graph)": "sha256:[0-9a-f]*",?$`)

// partOf tells whether every line of old is one of next, a digest, or a mark of a
// merge; the last one may have been cut.
func partOf(old, next []byte) bool {
	lines := make(map[string]bool)
	for line := range strings.Lines(string(next)) {
		lines[strings.TrimRight(line, "\n")] = true
	}
	present := split(old)
	for i, line := range present {
		line = strings.TrimRight(line, "\r")
		cut := i == len(present)-1 && bytes.Contains(next, []byte("\n"+line))
		if strings.TrimSpace(line) != "" && !lines[line] && !isMarker(line) && !isDigest(line) && !manifestDigest.MatchString(line) && !cut {
			return false
		}
	}
	return true
}
