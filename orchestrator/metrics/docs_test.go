package metrics

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// metricRow is a row of the table of metrics: name, type, labels.
var metricRow = regexp.MustCompile("^\\| `((?:bus|orchestrator)_[a-z_]+)` \\| (counter|gauge|histogram) \\|([^|]*)\\|")

// docs/operations.md lists exactly the metrics there are, with their types and labels.
func TestDocumentedMetrics(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for line := range strings.Lines(string(text)) {
		if m := metricRow.FindStringSubmatch(line); m != nil {
			labels := strings.Fields(strings.NewReplacer("`", "", ",", " ").Replace(m[3]))
			slices.Sort(labels)
			documented = append(documented, fmt.Sprintf("%s %s %v", m[1], m[2], labels))
		}
	}
	slices.Sort(documented)
	if shown := gathered(t); !slices.Equal(documented, shown) {
		t.Errorf("docs/operations.md lists\n%s\nthe metrics are\n%s", strings.Join(documented, "\n"), strings.Join(shown, "\n"))
	}
}

// query is an indented line that asks for a metric.
var query = regexp.MustCompile(`(?m)^ {4}.*\b(?:bus|orchestrator)_[a-z_]+.*$`)

var (
	selector = regexp.MustCompile(`\b((?:bus|orchestrator)_[a-z_]+)(\{[^}]*\})?`)
	grouping = regexp.MustCompile(`\bby \(([^)]*)\)`)
)

// sided are the metrics of which both processes of a call have their own.
var sided = []string{"bus_requests_total", "bus_request_duration_seconds_bucket", "bus_edge_requests_total"}

// The documented queries count no call twice, and use no label that a target may have.
func TestDocumentedQueries(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	found := query.FindAllString(string(text), -1)
	if len(found) < 5 {
		t.Errorf("found %q only", found)
	}
	for _, q := range found {
		for _, part := range selector.FindAllStringSubmatch(q, -1) {
			if slices.Contains(sided, part[1]) && !strings.Contains(part[2], `side!="`) {
				t.Errorf("%s sums both sides in%s", part[1], q)
			}
		}
		labels := fmt.Sprint(selector.FindAllStringSubmatch(q, -1), grouping.FindAllStringSubmatch(q, -1))
		for _, label := range []string{"service", "namespace", "node"} {
			if regexp.MustCompile(`[{,(\[ ]` + label + `[ ,)\]=!]`).MatchString(labels) {
				t.Errorf("the label %s may be another one in%s", label, q)
			}
		}
	}
}

// gathered lists the metrics as the table does; namespace and node are described below it.
func gathered(t *testing.T) []string {
	t.Helper()
	families, err := everything().Gather()
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, f := range families {
		labels := []string{}
		for _, l := range f.GetMetric()[0].GetLabel() {
			if name := l.GetName(); name != "namespace" && name != "node" {
				labels = append(labels, name)
			}
		}
		slices.Sort(labels)
		shown = append(shown, fmt.Sprintf("%s %s %v", f.GetName(), strings.ToLower(f.GetType().String()), labels))
	}
	slices.Sort(shown)
	return shown
}
