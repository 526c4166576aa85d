package output

import (
	"fmt"
	"strings"
)

// around is how many equal lines a diff shows before and after a difference.
const around = 2

// Diff returns one hunk of a unified diff that has all differences between two
// texts, cut after most lines.
func Diff(name string, old, new []byte, most int) string {
	a, b := split(old), split(new)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	from := max(0, head-around)
	after := min(tail, around)
	lines := prefixed(" ", a[from:head])
	lines = append(lines, middle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	lines = append(lines, prefixed(" ", a[len(a)-tail:len(a)-tail+after])...)
	if more := len(lines) - most; more > 0 {
		lines = append(lines[:most], fmt.Sprintf("... %d more lines", more))
	}
	return fmt.Sprintf("--- %s\n+++ %s (generated)\n@@ -%s +%s @@\n%s\n", name, name,
		span(from, len(a)-tail+after), span(from, len(b)-tail+after), strings.Join(lines, "\n"))
}

func split(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// span is the place of lines from up to, but without, to as a hunk's head has it.
func span(from, to int) string {
	if to == from {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func prefixed(mark string, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = mark + line
	}
	return out
}

// mostCells bounds the table of middle; beyond it all old lines come before all new ones.
const mostCells = 1 << 20

// middle writes the lines that differ by their longest common subsequence.
func middle(a, b []string) []string {
	if len(a)*len(b) > mostCells {
		return append(prefixed("-", a), prefixed("+", b)...)
	}
	common := commonLengths(a, b)
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, " "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "-"+a[i])
			i++
		default:
			out = append(out, "+"+b[j])
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
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}
