package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A value that cannot be read keeps the others from no check; what a check would say
// of it is not said.
func TestValidateIsCalledBesideOtherMistakes(t *testing.T) {
	for text, want := range map[string][]string{
		"{low: x, retry: {limit: 10}}":               {"2:15", "2:33"},
		"{low: 5, high: {a: 1}, retry: {limit: 10}}": {"2:24", "2:47"},
		"{low: 5, retry: {limit: x}}":                {"2:15", "2:33"},
		"{low: 5, retry: {limit: 10, backof: 1}}":    {"2:15", "2:33", "2:37"},
		"{lo: 5, retry: [1]}":                        {"2:10", "2:24"},
	} {
		_, err := decodeText(t, "services:\n  apps: "+text+"\n", &checked{High: 3})
		problems, _ := errors.AsType[Problems](err)
		var got []string
		for _, p := range problems {
			got = append(got, strings.TrimPrefix(p.Position().String(), "config.yml:"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s%v", text, diff, err)
		}
	}
}

// What only the caller can judge has its place in the file as well, also in a list.
func TestChecksOfTheCaller(t *testing.T) {
	f := mustParse(t, "services:\n  apps:\n    low: 9\n    tags: [a, b]\n")
	_, err := f.DecodeService("apps", variables(), &struct {
		Low  int
		Tags []string
	}{}, func() error { return errors.Join(errors.New("tags.b: unheard of"), errors.New("low is low")) })
	problems, _ := errors.AsType[Problems](err)
	if len(problems) != 2 || problems[0].Position().String() != "config.yml:3:10" || problems[1].Position().String() != "config.yml:4:15" {
		t.Errorf("got %v", err)
	}
}
