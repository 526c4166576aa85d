package codec

import "strings"

// DidYouMean is the rest of a sentence about a name that is none: a question for the one
// in have that is most like it, or nothing when none is near.
func DidYouMean(want string, have []string) string {
	best, least := "", max(1, len(want)/3)+1
	for _, name := range have {
		if apart := distance(strings.ToLower(want), strings.ToLower(name)); apart < least {
			best, least = name, apart
		}
	}
	if best == "" || want == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is how many letters are more, less, changed, or swapped with the next.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			changed := last[j]
			if a[i] != b[j] {
				changed++
			}
			row[j+1] = min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
