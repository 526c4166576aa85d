package plugin

import "testing"

func TestRanges(t *testing.T) {
	for _, test := range []struct {
		accepted string
		yes, no  []string
	}{
		{"^1.2.3", []string{"1.2.3", "1.2.4", "1.9.0"}, []string{"1.2.2", "2.0.0", "0.9.9"}},
		{"^0.2.3", []string{"0.2.3", "0.2.9"}, []string{"0.2.2", "0.3.0", "1.0.0"}},
		{"^0.0.3", []string{"0.0.3"}, []string{"0.0.2", "0.0.4"}},
		{"~1.2.3", []string{"1.2.3", "1.2.9"}, []string{"1.2.2", "1.3.0"}},
		{"~0.0.3", []string{"0.0.3", "0.0.4"}, []string{"0.1.0"}},
		{"1.2.3", []string{"1.2.3", "1.2.3+linux"}, []string{"1.2.2", "1.2.4"}},
	} {
		accepted, err := parseRange(test.accepted)
		if err != nil {
			t.Fatal(err)
		}
		for want, texts := range map[bool][]string{true: test.yes, false: test.no} {
			for _, text := range texts {
				v, err := parseVersion(text)
				if err != nil {
					t.Fatal(err)
				}
				if accepted.contains(v) != want {
					t.Errorf("%s contains %s: %t, want %t", test.accepted, text, !want, want)
				}
			}
		}
	}
}

func TestMalformedVersions(t *testing.T) {
	for _, text := range []string{"", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3-", "1.2.-3", " 1.2.3", "1.2.99999999999999999999"} {
		if _, err := parseVersion(text); err == nil {
			t.Errorf("%q passes as a version", text)
		}
	}
}
