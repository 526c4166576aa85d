package e2e

import "testing"

// What is checked in is what the generator writes: the variants, the fixtures
// and the lists of linked packages.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	gen, dir := binary(t, "tools/gen"), root(t)
	for _, args := range [][]string{
		{"check"},
		{"check", "--root", "e2e/fixtures"},
		{"deps", "--check"},
	} {
		stdout, stderr, code := output(t, dir, nil, gen, args...)
		if code != 0 {
			t.Errorf("gen %v: exit code %d\n%s%s", args, code, stdout, stderr)
		}
	}
}
