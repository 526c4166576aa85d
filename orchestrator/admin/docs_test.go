package admin

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// endpointRow is a row of the table of endpoints: method, path, where it exists.
var endpointRow = regexp.MustCompile("^\\| `([A-Z]+ /[^`]*)` \\| (always|development) \\|")

// docs/operations.md lists exactly the routes there are.
func TestDocumentedEndpoints(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, routed []string
	for line := range strings.Lines(string(text)) {
		if m := endpointRow.FindStringSubmatch(line); m != nil {
			documented = append(documented, m[1]+" "+m[2])
		}
	}
	for _, r := range New(Options{}).routes() {
		where := "always"
		if r.development {
			where = "development"
		}
		routed = append(routed, r.method+" "+r.path+" "+where)
	}
	if !slices.Equal(documented, routed) {
		t.Errorf("docs/operations.md lists\n%s\nthe routes are\n%s", strings.Join(documented, "\n"), strings.Join(routed, "\n"))
	}
}

// The paths that skip two checks of the guard are routes, so that a renamed one does not stay open.
func TestOpenPathsAreRoutes(t *testing.T) {
	routes := New(Options{}).routes()
	for path := range openPaths {
		if !slices.ContainsFunc(routes, func(r route) bool { return r.path == path && r.method == "GET" }) {
			t.Errorf("%s is open and no route", path)
		}
	}
}
