package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestSyntaxErrorsHaveAPosition(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string // line:col
	}{
		{"list not closed", "a: [b\nc: d\ne: f\n", "1:4"},
		{"mapping not closed", "{a: 1\n", "1:1"},
		{"list not closed, far below", "x: 1\ny: 2\na:\n  - [b, c\n  - d\ne: f\ng: h\n", "4:5"},
		{"nothing between commas", "a: [b,,c]\n", "1:7"},
		{"nothing between commas, far below", "a: 1\nb:\n  - {c: [d, e,\n     f, , g]}\nh: 1\n", "4:9"},
		{"nothing before a comma", "a: [,b]\n", "1:5"},
		{"list closed twice", "a: [b]]\nc: d\n", "1:7"},
		{"single quote not closed", "a: 1\nb: 'x\nc: 1\nd: 2\n", "2:4"},
		{"double quote not closed", "a: 1\nb: \"x\nc: 1\n", "2:4"},
		{"indented too little", "a:\n  b: 1\n c: 2\n", "3:2"},
		{"indented too much", "a: 1\n  b: 2\nc: 3\n", "2:3"},
		{"colon in a value", "a: 1\nb: c: d\n", "2:5"},
		{"no colon", "a: 1\nb\nc: 2\n", "2:1"},
		{"a character that begins nothing", "a: 1\nb: @x\n", "2:4"},
		{"percent", "a: 1\nb: %x\n", "2:4"},
		{"unknown alias", "a: 1\nb: *x\n", "2:4"},
		{"list in a mapping", "a: 1\n- b\n", "2:1"},
		{"first line", "a: b: c\n", "1:5"},
		{"control character", "a: 1\nb: \x01\n", "2:4"},
		{"bad escape", "a: 1\nb: \"\\q\"\n", "2:4"},
		{"second document is broken", "a: 1\n---\nb: [\n", "3:4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			problems := problemsOf(t, c.text)
			p := problems[0]
			if got := fmt.Sprintf("%d:%d", p.Line, p.Column); len(problems) != 1 || got != c.want || p.Code != "syntax" || p.Help == "" {
				t.Errorf("want one syntax problem at %s, got\n%v", c.want, problems)
			}
		})
	}
}

func TestTabsThatAreNoIndentation(t *testing.T) {
	mustParse(t, "x-a: |\n  text\n  \tindented\n \n  more\nx-b:\t1\n  # \t comment\n\t# comment\nx-c: >-  # why\n\n  text\n  \tmore\n")
}

// How much is parsed in search of the place is bounded, however long the file and its lines
// are; what was found until then is the place.
func TestSyntaxErrorInABigFile(t *testing.T) {
	long := "x: [" + strings.Repeat("a, ", 2000)
	for name, c := range map[string]struct {
		text, want string
		bytes      int
	}{
		"many lines":    {strings.Repeat("x-k: {a: 1}\n", 200) + "x: [\n" + strings.Repeat("y: 1\n", 400), "201:4", maxParsed},
		"one long line": {long, "1:4", maxParsed},
		"given up":      {long, "1:5997", 3 * len(long)},
	} {
		s := &search{lines: strings.Split(c.text, "\n"), left: c.bytes}
		line, column := s.boundary(len(s.lines), s.readable)
		if at := fmt.Sprintf("%d:%d", line+1, column+1); at != c.want || s.left < 0 {
			t.Errorf("%s: found at %s with %d bytes left, want %s", name, at, s.left, c.want)
		}
	}
}

func TestAliasesMultiplyWithinBounds(t *testing.T) {
	text := "x-0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n"
	for i := 1; i < 9; i++ {
		text += fmt.Sprintf("x-%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	problems := problemsOf(t, text+"services: {apps: {list: *a8}}\n")
	if len(problems) != 1 || problems[0].Code != "alias" || !strings.Contains(problems[0].Message, "multiply") {
		t.Errorf("problems: %v", problems)
	}
}

func TestLineBreaksAreCountedAsTheParserDoes(t *testing.T) {
	for _, br := range []string{"\n", "\r\n", "\r", "\u2028"} {
		problems := problemsOf(t, "services: {}"+br+"nonsense: 1"+br)
		if problems[0].Line != 2 || !strings.Contains(problems[0].Excerpt, "2 | nonsense: *\n") {
			t.Errorf("%q: %v", br, problems)
		}
	}
}
