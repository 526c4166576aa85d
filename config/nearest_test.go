package config

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	services := []string{"apps", "payments", "inventory", "delivery", "pricing"}
	for _, c := range []struct{ want, near string }{
		{"paymnts", "payments"},
		{"apsp", "apps"}, // a swap of neighbours is one step
		{"inventroy", "inventory"},
		{"pricing", "pricing"},
		{"ap", ""},
		{"orders", ""},
		{"", ""},
	} {
		if got, ok := Nearest(c.want, services); got != c.near || ok != (c.near != "") {
			t.Errorf("Nearest(%q) = %q, %t, want %q", c.want, got, ok, c.near)
		}
	}
	if got, _ := Nearest("abd", []string{"abe", "abc"}); got != "abc" {
		t.Errorf("a tie went to %q", got)
	}
	if got, _ := Nearest("abcdef", []string{"abxxef", "abcdex"}); got != "abcdex" {
		t.Errorf("the nearest is %q", got)
	}
}

func TestDistanceIsSymmetricAndBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abc]{0,7}`)
		a, b := []rune(word.Draw(t, "a")), []rune(word.Draw(t, "b"))
		d := distance(a, b)
		if d != distance(b, a) || d > max(len(a), len(b)) || (d == 0) != (string(a) == string(b)) {
			t.Fatalf("distance(%q, %q) = %d", string(a), string(b), d)
		}
	})
}

func TestLikely(t *testing.T) {
	for _, c := range []struct {
		want, near string
		have       []string
	}{
		{"price", "pricing", []string{"apps", "pricing", "payments"}},
		{"pay", "payments", []string{"apps", "pricing", "payments"}},
		{"paymnts", "payments", []string{"payments", "paying"}}, // nearness counts more
		{"timeot", "provider_timeout", []string{"max_codes", "provider_timeout"}},
		{"search", "", []string{"apps", "pricing", "seal"}},
		{"ap", "", []string{"pricing", "provider_map"}},
		{"", "", []string{"pricing"}},
	} {
		if got, ok := Likely(c.want, c.have); got != c.near || ok != (c.near != "") {
			t.Errorf("Likely(%q) = %q, %t, want %q", c.want, got, ok, c.near)
		}
	}
}
