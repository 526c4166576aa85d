package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var signatureBlock = regexp.MustCompile("(?m)^<!-- signatures: ([a-z/]+) -->\n```go\n((?s:.*?))\n```$")

// The signatures that docs/architecture.md shows are those of the packages.
func TestArchitectureShowsTheSignatures(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root(t), "docs/architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := signatureBlock.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 7 {
		t.Fatalf("read %d blocks of signatures; the page has more", len(blocks))
	}
	for _, block := range blocks {
		doc := exec.Command("go", "doc", "-all", "./"+block[1])
		doc.Dir = root(t)
		text, err := doc.CombinedOutput()
		if err != nil {
			t.Fatalf("go doc ./%s: %v\n%s", block[1], err, text)
		}
		declared := strings.Split(string(text), "\n")
		for line := range strings.SplitSeq(block[2], "\n") {
			if line != "" && !slices.Contains(declared, line) {
				t.Errorf("package %s does not declare\n%s", block[1], line)
			}
		}
	}
}
