package config

import (
	"errors"
	"strings"
	"testing"
)

func TestExcerptOfALongLineShowsThePlace(t *testing.T) {
	line := strings.Repeat("a", 300) + " wrong " + strings.Repeat("b", 300)
	text, carets, _ := strings.Cut(Excerpt(line, 7, 302), "\n")
	at := strings.Index(carets, "^")
	if runes := []rune(text); len(runes) > 140 || string(runes[at:at+5]) != "wrong" || strings.Count(carets, "^") != 5 {
		t.Errorf("excerpt:\n%s\n%s", text, carets)
	}
}

func TestExcerptIsSafeToPrint(t *testing.T) {
	if got := Excerpt("a: \x1b[31mred", 1, 1); strings.Contains(got, "\x1b") {
		t.Errorf("it has an escape sequence: %q", got)
	}
	for _, column := range []int{-1, 0, 5, 99} {
		Excerpt("abc", 1, column) // must not panic
	}
}

func TestProblemsAreSortedAndCounted(t *testing.T) {
	var problems Problems
	for i := range 60 {
		problems = append(problems, Problem{Path: "config.yml", Line: 60 - i, Column: 1, Message: "wrong"})
	}
	problems = append(problems, problems[0])
	err := problems.Err()
	if len(problems) != 60 || problems[0].Line != 1 {
		t.Errorf("%d problems, first %v", len(problems), problems[0])
	}
	if text := err.Error(); !strings.HasSuffix(text, "\nand 10 more") || strings.Count(text, "wrong") != 50 {
		t.Errorf("text: %s", text)
	}
	var one Problem
	if !errors.As(err, &one) || one.Position().String() != "config.yml:1:1" {
		t.Errorf("errors.As gave %v", one)
	}
	if err := new(Problems).Err(); err != nil {
		t.Errorf("no problems are the error %v", err)
	}
}

func TestFileMakesProblems(t *testing.T) {
	f := mustParse(t, "orchestrator:\n  services: [appz]\n")
	variants, _ := f.Variants()
	got := f.Problem(variants[0].Services[0].Pos, "unknown-service", `unknown service "appz"`, "did you mean \"apps\"?").Error()
	want := "config.yml:2:14: unknown service \"appz\"\n    2 |   services: [appz]\n      |              ^^^^\n    did you mean \"apps\"?"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
