package natsbus

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

var statusRow = regexp.MustCompile("(?m)^\\| ([0-9]{3}) \\| `([a-z_]+)` \\|$")

// docs/errors.md says what the statuses of other programs become.
func TestDocumentedStatuses(t *testing.T) {
	text, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Statuses of programs that are not ours\n")
	documented := 0
	for _, row := range statusRow.FindAllStringSubmatch(section, -1) {
		status, err := strconv.Atoi(row[1])
		if code, known := foreign[status]; err != nil || !known || code.String() != row[2] {
			t.Errorf("docs/errors.md says that %s is %s; it is %s", row[1], row[2], codeOfStatus(status))
		}
		documented++
	}
	if documented != len(foreign) {
		t.Errorf("docs/errors.md lists %d statuses of %d", documented, len(foreign))
	}
	for c := range bus.Code(bus.NumCodes) {
		if _, twice := foreign[c.HTTPStatus()]; twice {
			t.Errorf("%d is the status of %s and foreign", c.HTTPStatus(), c)
		}
	}
	for status, want := range map[int]bus.Code{404: bus.NotFound, 409: bus.AlreadyExists, 418: bus.FailedPrecondition, 500: bus.Internal, 599: bus.Internal} {
		if got := codeOfStatus(status); got != want {
			t.Errorf("%d is %s, want %s", status, got, want)
		}
	}
}
