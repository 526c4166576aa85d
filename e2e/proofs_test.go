package e2e

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the column of docs/acceptance.md that names tests")

const acceptancePage = "docs/acceptance.md"

var (
	acceptanceRow = regexp.MustCompile(`(?m)^\| ([A-Z]-?\d+) \| (.+?) \| (.+?) \| (.+) \|$`)
	acceptanceID  = regexp.MustCompile(`\b(?:[A-Z]\d{1,2}|[RS]-\d\d)\b`)
)

// Each id that a test says it proves is in docs/acceptance.md, and the page names all
// tests that say so.
func TestAcceptancePage(t *testing.T) {
	file := filepath.Join(root(t), acceptancePage)
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	shown, rows := proofs(t), map[string]bool{}
	want := acceptanceRow.ReplaceAllStringFunc(string(page), func(row string) string {
		cells := acceptanceRow.FindStringSubmatch(row)
		id := cells[1]
		if rows[id] {
			t.Errorf("%s has two rows for %s", acceptancePage, id)
		}
		rows[id] = true
		tests := "-"
		if len(shown[id]) > 0 {
			tests = strings.Join(shown[id], ", ")
		}
		return fmt.Sprintf("| %s | %s | %s | %s |", id, cells[2], cells[3], tests)
	})
	for id, tests := range shown {
		if !rows[id] {
			t.Errorf("%s say that they prove %s, which is not in %s", strings.Join(tests, " and "), id, acceptancePage)
		}
	}
	if len(rows) < 100 {
		t.Errorf("%d rows: the page has another form than this test reads", len(rows))
	}
	if want == string(page) {
		return
	}
	if !*update {
		t.Fatalf("%s does not name the tests that are there: go test ./e2e -run TestAcceptancePage -update", acceptancePage)
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// proofs are the tests and scripts by the ids that their comments name after "Proves:".
func proofs(t *testing.T) map[string][]string {
	t.Helper()
	shown := map[string][]string{}
	add := func(by, claim string) {
		ids := acceptanceID.FindAllString(claim, -1)
		if len(ids) == 0 {
			t.Errorf("%s proves nothing with an id: %q", by, claim)
		}
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			shown[id] = append(shown[id], "`"+by+"`")
		}
	}
	err := fs.WalkDir(os.DirFS(root(t)), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" && path.Dir(name) != "tools/gen"):
			return fs.SkipDir
		case strings.HasSuffix(name, "_test.go"):
			return proofsOfTests(filepath.Join(root(t), name), path.Dir(name), add)
		case strings.HasSuffix(name, ".txtar"):
			text, err := os.ReadFile(filepath.Join(root(t), name))
			if _, claim, proves := strings.Cut(strings.SplitN(string(text), "\n", 2)[0], "Proves: "); proves {
				add(name, claim)
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

func proofsOfTests(file, folder string, add func(by, claim string)) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if _, claim, proves := strings.Cut(f.Doc.Text(), "Proves: "); proves {
			add(folder+" "+f.Name.Name, claim)
		}
	}
	return nil
}
