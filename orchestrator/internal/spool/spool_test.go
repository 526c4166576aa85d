package spool

import (
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reader is a file whose reader can stall, and which keeps what it got.
type reader struct {
	stall chan struct{}

	mu   sync.Mutex
	text strings.Builder
}

func (r *reader) Write(p []byte) (int, error) {
	if r.stall != nil {
		<-r.stall
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *reader) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// One order over both files, and all of it is there after Close.
func TestOrderIsKeptAcrossFiles(t *testing.T) {
	both, s := &reader{}, New()
	out, err := s.To(both), s.To(struct{ io.Writer }{both})
	for range 100 {
		_, _ = io.WriteString(out, "a")
		_, _ = io.WriteString(err, "b")
	}
	s.Close(time.Minute)
	if got, want := both.String(), strings.Repeat("ab", 100); got != want {
		t.Errorf("wrote %q", got)
	}
}

// Nobody waits for a reader that stalls: not who writes, and Close only as long as
// patience says. What does not fit is counted, and said when the reader is back.
func TestStalledReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled, s := &reader{stall: make(chan struct{})}, New()
		w := s.To(stalled)
		s.OnOverflow(func(n uint64) {
			if n != 10 {
				t.Errorf("%d were said", n)
			}
			_, _ = io.WriteString(w, "some were dropped")
		})
		const kilobyte, fits = 1 << 10, Limit >> 10
		for range fits + 10 {
			if n, err := w.Write(make([]byte, kilobyte)); n != kilobyte || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
		if s.Full() != 10 {
			t.Errorf("%d dropped, want 10", s.Full())
		}
		begun := time.Now()
		for range fits {
			stalled.stall <- struct{}{}
		}
		stalled.stall <- struct{}{}
		synctest.Wait()
		if got := stalled.String(); len(got) != Limit+len("some were dropped") || !strings.HasSuffix(got, "dropped") {
			t.Errorf("%d bytes arrived", len(got))
		}
		_, _ = io.WriteString(w, "never read")
		s.Close(time.Second)
		if took := time.Since(begun); took != time.Second {
			t.Errorf("closing took %s", took)
		}
		close(stalled.stall)
	})
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// A reader that has gone costs its lines, and no notice that nobody would read.
func TestReaderThatHasGone(t *testing.T) {
	s := New()
	s.OnOverflow(func(uint64) { t.Error("said, though nobody reads") })
	for range 3 {
		_, _ = io.WriteString(s.To(gone{}), "x")
	}
	s.Close(time.Minute)
	if s.Failed() != 3 || s.Full() != 0 {
		t.Errorf("%d failed, %d dropped", s.Failed(), s.Full())
	}
}

// What is written while the spool closes is written or counted.
func TestCloseLosesNothingUncounted(t *testing.T) {
	for range 200 {
		r, s := &reader{}, New()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { _, _ = io.WriteString(s.To(r), "x") })
		}
		s.Close(time.Minute)
		all.Wait()
		if got := len(r.String()) + int(s.Full()); got != 4 {
			t.Fatalf("%d of 4 are accounted for", got)
		}
	}
}
