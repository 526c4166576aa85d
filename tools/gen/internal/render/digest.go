// Package render writes the files of a variant: the program, its manifest and
// its Bazel targets. It reads nothing, neither clock nor disk: the same
// selection gives the same bytes everywhere.
package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"

	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
)

// File is one generated file; its path is relative to the root.
type File struct {
	Path string
	Data []byte
}

var digestLine = regexp.MustCompile(`(?m)^(?://|#) digest: (sha256:[0-9a-f]{64})\n`)

// Seal puts the header and the digest of the rest before a generated text, as
// comments that begin with mark: "//" or "#".
func Seal(mark string, text []byte) []byte {
	head := mark + " " + layout.Header + "\n"
	sum := digest([]byte(head), text)
	return fmt.Appendf([]byte(head), "%s digest: %s\n%s", mark, sum, text)
}

func digest(parts ...[]byte) string {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write(part)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// headerLine is the first line, or the first of one side of a merge's conflict.
var headerLine = regexp.MustCompile(`^(?:<{7}[^\n]*\n)?(?://|#) ` + regexp.QuoteMeta(layout.Header) + `\r?(?:\n|$)`)

// Generated tells whether a file says of itself that gen wrote it, also when
// it has been damaged since. One that has the words further down quotes them.
func Generated(data []byte) bool {
	return headerLine.Match(data) || bytes.Contains(data, []byte(manifest.Magic()))
}

// Intact tells whether a file is as gen wrote it, whatever it wrote then. The line
// ends may have become those of Windows, as version control does it there.
func Intact(data []byte) bool {
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	if bytes.Contains(data, []byte(manifest.Magic())) {
		return intactManifest(data)
	}
	at := digestLine.FindSubmatchIndex(data)
	return at != nil && string(data[at[2]:at[3]]) == digest(data[:at[0]], data[at[1]:])
}

// intactManifest tells whether a manifest is in the form that Marshal gives and
// has the digest of the rest.
func intactManifest(data []byte) bool {
	m, err := manifest.Parse(data)
	if err != nil {
		return false
	}
	again, err := sealManifest(m)
	return err == nil && bytes.Equal(again, data)
}

// sealManifest writes a manifest with the digest of the rest of it in Graph.
func sealManifest(m manifest.Manifest) ([]byte, error) {
	m.Graph = ""
	open, err := manifest.Marshal(m)
	if err != nil {
		return nil, err
	}
	m.Graph = digest(open)
	return manifest.Marshal(m)
}
