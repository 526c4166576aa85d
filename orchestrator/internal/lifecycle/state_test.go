package lifecycle

import (
	"runtime"
	"testing"
)

func goexit() { runtime.Goexit() }

var states = []State{New, Starting, Running, Stopping, Terminated, Failed}

func TestStatesFollowTheDiagram(t *testing.T) {
	allowed := map[State][]State{
		New:      {Starting, Failed},
		Starting: {Running, Stopping, Failed},
		Running:  {Stopping, Failed},
		Stopping: {Terminated, Failed},
	}
	for _, from := range states {
		for _, to := range states {
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
