package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A proof is written in docs/guarantees.md as `folder TestName` or as a link to
// a script.
var (
	namedTest   = regexp.MustCompile("`([a-z0-9./-]+) ((?:Test|Benchmark|Fuzz|Example)[A-Za-z0-9_]*)`")
	namedScript = regexp.MustCompile("`(tools/gen/testdata/script/[a-z_]+\\.txtar)`")
)

// Every test that docs/guarantees.md names is there, and every line has one.
func TestGuaranteesNameTests(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root(t), "docs/guarantees.md"))
	if err != nil {
		t.Fatal(err)
	}
	proofs := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || strings.HasPrefix(line, "| Promise") {
			continue
		}
		tests, scripts := namedTest.FindAllStringSubmatch(line, -1), namedScript.FindAllStringSubmatch(line, -1)
		if len(tests)+len(scripts) == 0 {
			t.Errorf("no test is named in %q", line)
		}
		for _, m := range tests {
			if !declaresTest(t, m[1], m[2]) {
				t.Errorf("%s has no %s", m[1], m[2])
			}
		}
		for _, m := range scripts {
			if _, err := os.Stat(filepath.Join(root(t), m[1])); err != nil {
				t.Error(err)
			}
		}
		proofs += len(tests) + len(scripts)
	}
	if proofs < 50 {
		t.Errorf("%d proofs: the page has another form than this test reads", proofs)
	}
}

func declaresTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root(t), folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
