package config

import (
	"fmt"
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
	for _, name := range have {
		// No name has more characters than bytes, nor fewer than a quarter of them.
		if name == "" || len(name) < len(target)-limit || len(name) > 4*(len(target)+limit) {
			continue
		}
		candidate := []rune(name)
		if apart := len(candidate) - len(target); apart > limit || -apart > limit {
			continue
		}
		d := distance(target, candidate)
		if d < limit || d == limit && (!found || name < best) {
			best, found, limit = name, true, d
		}
	}
	return best, found
}

// Likely is Nearest, and where no name is near, the one that begins like want, or of
// which a word does: "price" is likely to mean "pricing", and "timeot"
// "provider_timeout". It is for suggestions only, since it errs more often.
func Likely(want string, have []string) (string, bool) {
	if near, ok := Nearest(want, have); ok {
		return near, true
	}
	best, longest := "", 0
	for _, name := range have {
		if n := alike(want, name); n > longest || n == longest && n > 0 && name < best {
			best, longest = name, n
		}
	}
	return best, longest > 0
}

// alike is how many characters two names have in common where one of them is likely to
// be meant by the other, else 0.
func alike(want, name string) int {
	common := 0
	for common < min(len(want), len(name)) && want[common] == name[common] {
		common++
	}
	if common >= 3 && 3*common >= 2*len(want) {
		return common
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("_-.", r) })
	if near, ok := Nearest(want, words); ok && len(words) > 1 && len(want) > 3 {
		return len(near)
	}
	return 0
}

// Hints counts what the suggestions for one file cost. Each compares a name with
// all that there are, so those who report many leave them out in the end: nobody
// reads thousands. The zero value is ready.
type Hints struct{ compared int }

// maxCompared is how many names are compared, which takes some tenths of a second.
const maxCompared = 200_000

// Spent counts a suggestion among so many names, and tells whether to leave it out.
func (h *Hints) Spent(names int) bool {
	h.compared += names
	return h.compared > maxCompared
}

// suggestion is the function of that name, or nothing once hints are spent.
func (h *Hints) suggestion(want, what string, names int, have func() []string) string {
	if h.Spent(names) {
		return ""
	}
	return suggestion(want, what, have())
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

// maxListed is how many names a message lists.
const maxListed = 40

// suggestion is the help for an unknown name: a did-you-mean where one is near,
// and what is valid.
func suggestion(want, what string, have []string) string {
	var parts []string
	if near, ok := Likely(want, have); ok {
		parts = append(parts, "did you mean \""+near+"\"?")
	}
	if len(have) > 0 {
		list := slices.Sorted(slices.Values(have))
		text := what + ": " + strings.Join(list[:min(len(list), maxListed)], ", ")
		if more := len(list) - maxListed; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
