package lifecycle

import (
	"runtime"
	"testing"
)

func goexit() { runtime.Goexit() }

func TestStatesFollowTheDiagram(t *testing.T) {
	allowed := map[State][]State{
		New:      {Starting, Failed},
		Starting: {Running, Stopping, Failed},
		Running:  {Stopping, Failed},
		Stopping: {Terminated, Failed},
	}
	for _, from := range States {
		for _, to := range States {
			want := false
			for _, a := range allowed[from] {
				want = want || a == to
			}
			if got := from.follows(to); got != want {
				t.Errorf("%s -> %s is %t, want %t", from, to, got, want)
			}
		}
	}
	if got := State(99).String(); got != "Unknown" {
		t.Error(got)
	}
}
