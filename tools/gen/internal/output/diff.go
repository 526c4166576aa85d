package output

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many equal lines a diff shows before and after a difference.
const around = 2

// Diff returns a unified diff of two texts, cut after most lines. Lines with
// digests count as equal: every difference makes them differ.
func Diff(name string, before, after []byte, most int) string {
	lines := hunks(edits(split(before), split(after)))
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], fmt.Sprintf("... and %d more", more))
	}
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("--- %s\n+++ %s (generated)\n%s\n", name, name, strings.Join(lines, "\n"))
}

func split(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// edit is one line of a diff: ' ' for both texts, '-' for the old, '+' for the new one.
type edit struct {
	mark byte
	line string
}

// mostCells bounds the table of common lines; beyond it all old lines come before all new ones.
const mostCells = 1 << 20

// edits turns one text into another by their longest common subsequence.
func edits(a, b []string) []edit {
	var out []edit
	for len(a) > 0 && len(b) > 0 && equal(a[0], b[0]) {
		out = append(out, edit{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	tail := 0
	for tail < len(a) && tail < len(b) && equal(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	out = append(out, middle(a[:len(a)-tail], b[:len(b)-tail])...)
	for _, line := range a[len(a)-tail:] {
		out = append(out, edit{' ', line})
	}
	return out
}

// equal compares lines, leaving out what digests are.
func equal(a, b string) bool {
	return a == b || isDigest(a) && isDigest(b)
}

func isDigest(line string) bool {
	return strings.HasPrefix(line, "// digest: ") || strings.HasPrefix(line, "# digest: ")
}

// middle is edits for what is between the common lines at both ends.
func middle(a, b []string) []edit {
	common := func(int, int) int { return 0 }
	if len(a)*len(b) <= mostCells {
		table := commonLengths(a, b)
		common = func(i, j int) int { return table[i][j] }
	}
	var out []edit
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && equal(a[i], b[j]):
			out = append(out, edit{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common(i+1, j) >= common(i, j+1):
			out = append(out, edit{'-', a[i]})
			i++
		default:
			out = append(out, edit{'+', b[j]})
			j++
		}
	}
	return out
}

// commonLengths has at i, j how many lines a from i on and b from j on have in common.
func commonLengths(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i, line := range slices.Backward(a) {
		for j, other := range slices.Backward(b) {
			if equal(line, other) {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// hunks leaves out what is far from any change and puts a head before each part.
func hunks(all []edit) (lines []string) {
	changed := func(e edit) bool { return e.mark != ' ' }
	near := func(i int) bool {
		return slices.ContainsFunc(all[max(0, i-around):min(len(all), i+around+1)], changed)
	}
	olds, news := 0, 0 // the lines of each text that are behind
	for i := 0; i < len(all); i++ {
		at, oldsBefore, newsBefore := len(lines), olds, news
		for ; i < len(all) && near(i); i++ {
			lines = append(lines, string(all[i].mark)+all[i].line)
			if all[i].mark != '+' {
				olds++
			}
			if all[i].mark != '-' {
				news++
			}
		}
		if len(lines) > at {
			lines = slices.Insert(lines, at, fmt.Sprintf("@@ -%s +%s @@", span(oldsBefore, olds), span(newsBefore, news)))
		}
		olds, news = olds+1, news+1
	}
	return lines
}

// span is the place of lines as a hunk's head has it; of none it names the line before.
func span(before, last int) string {
	return fmt.Sprintf("%d,%d", min(before+1, last), last-before)
}
