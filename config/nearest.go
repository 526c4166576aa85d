package config

import (
	"slices"
	"strings"
)

// Nearest returns the name in have that is most like want: the one with the
// smallest optimal string alignment distance, where a swap of neighbours counts
// as one, if that is at most max(1, len(want)/3). Ties go to the name that
// sorts first. It reports false when none is near.
func Nearest(want string, have []string) (string, bool) {
	target := []rune(want)
	limit := max(1, len(target)/3)
	best, found := "", false
	for _, name := range slices.Sorted(slices.Values(have)) {
		candidate := []rune(name)
		if apart := len(candidate) - len(target); apart > limit || -apart > limit {
			continue
		}
		// A later name must be strictly nearer, so ties keep the first.
		if d := distance(target, candidate); d <= limit && name != "" {
			best, found = name, true
			limit = d - 1
		}
		if limit < 0 {
			break
		}
	}
	return best, found
}

// distance is the optimal string alignment distance, with three rows kept.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// suggestion is the help for an unknown name: a did-you-mean where one is near,
// and what is valid.
func suggestion(want, what string, have []string) string {
	var parts []string
	if near, ok := Nearest(want, have); ok {
		parts = append(parts, "did you mean \""+near+"\"?")
	}
	if len(have) > 0 {
		parts = append(parts, what+": "+strings.Join(slices.Sorted(slices.Values(have)), ", "))
	}
	return strings.Join(parts, " ")
}
