package bus

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page is docs/errors.md, one entry for each heading.
func page(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq(string(text), "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		sections[title] = body
	}
	return sections
}

var (
	codeRow  = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([0-9]+) \\| ([^|]+) \\|")
	fieldRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| [^|]+ \\|$")
)

// Proves: B9 (the one table of codes)
func TestDocumentedCodes(t *testing.T) {
	var documented, known []string
	for _, row := range codeRow.FindAllStringSubmatch(page(t)["Codes"], -1) {
		documented = append(documented, row[1]+" "+row[2])
	}
	for c := range Code(NumCodes) {
		known = append(known, fmt.Sprintf("%s %d", c, c.HTTPStatus()))
	}
	if !slices.Equal(documented, known) {
		t.Errorf("docs/errors.md has\n%s\nthe code\n%s", strings.Join(documented, "\n"), strings.Join(known, "\n"))
	}
}

func TestDocumentedFieldsOfErrors(t *testing.T) {
	for section, typ := range map[string]reflect.Type{
		"What an error holds":         reflect.TypeFor[Error](),
		"Requests that are not valid": reflect.TypeFor[FieldError](),
	} {
		var documented, known []string
		for _, row := range fieldRow.FindAllStringSubmatch(page(t)[section], -1) {
			documented = append(documented, row[1])
		}
		for f := range typ.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				known = append(known, name)
			}
		}
		if !slices.Equal(documented, known) {
			t.Errorf("%s: docs/errors.md has %q, the code %q", section, documented, known)
		}
	}
}

// What the original calls by a number keeps that number, but where the page says
// that it means to differ.
func TestOriginalsNumbersAreOurs(t *testing.T) {
	for text, code := range map[string]Code{
		"422 `VALIDATION_ERROR`": InvalidArgument, "504 `REQUEST_TIMEOUT`": DeadlineExceeded,
		"404 `SERVICE_NOT_FOUND`": Unimplemented, "429 `QUEUE_FULL`": ResourceExhausted, "503 `REQUEST_REJECTED`": Unavailable,
	} {
		row := regexp.MustCompile("(?m)^\\| `" + code.String() + "` .*" + regexp.QuoteMeta(text)).FindString(page(t)["Codes"])
		if row == "" || !strings.HasPrefix(text, fmt.Sprint(code.HTTPStatus())) {
			t.Errorf("%s: the page does not have it, or HTTP status %d is not its number", text, code.HTTPStatus())
		}
	}
}
