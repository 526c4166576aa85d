package bustest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func TestHear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(t)
		heard := Hear(t, n, happens)
		for i := range 3 {
			if err := happens.Emit(t.Context(), n.View("oracle"), i); err != nil {
				t.Fatal(err)
			}
		}
		if got := heard.Expect(3); !slices.Equal(got, []int{0, 1, 2}) || !slices.Equal(heard.Events(), got) {
			t.Errorf("heard %v", got)
		}
		for want, says := range map[int]string{
			2: "oracle.happens was heard 3 times instead of 2", 4: "oracle.happens was heard 3 times instead of 4 within 5s",
		} {
			r := Trial(func(t testing.TB) {
				heard := Hear(t, New(t), happens)
				for i := range 3 {
					_ = heard.add(context.Background(), i)
				}
				heard.Expect(want)
			})
			if !r.Failed || !strings.Contains(r.String(), says) {
				t.Errorf("expecting %d: %s", want, r)
			}
		}
		r := Trial(func(t testing.TB) {
			n := New(t)
			Hear(t, n, happens)
			Hear(t, n, happens)
		})
		if !r.Failed || !strings.Contains(r.String(), "oracle.happens cannot be heard: ") {
			t.Errorf("heard twice: %s", r)
		}
	})
}
