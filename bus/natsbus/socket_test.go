package natsbus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// counted is one end of a pipe that keeps what each write brought.
type counted struct {
	net.Conn

	mu     sync.Mutex
	writes []string
}

func (c *counted) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.writes = append(c.writes, string(p))
	c.mu.Unlock()
	return c.Conn.Write(p)
}

const stalled = time.Second

// piped is a socket and the other side of it, inside a bubble.
func piped(t *testing.T) (s *socket, below *counted, peer net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = far.Close() })
	below = &counted{Conn: near}
	return newSocket(below, stalled), below, far
}

func mustWrite(t *testing.T, s *socket, text string) {
	t.Helper()
	if n, err := s.Write([]byte(text)); n != len(text) || err != nil {
		t.Fatalf("writing %.20q: %d, %v", text, n, err)
	}
}

func TestWritesGatherWhileOneIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, below, peer := piped(t)
		mustWrite(t, s, "first;")
		synctest.Wait() // the other side has not taken it
		var want strings.Builder
		want.WriteString("first;")
		for i := range 100 {
			part := fmt.Sprintf("%d;", i)
			want.WriteString(part)
			mustWrite(t, s, part)
		}
		got := make([]byte, want.Len())
		if _, err := io.ReadFull(peer, got); err != nil || string(got) != want.String() {
			t.Errorf("got %q, %v", got, err)
		}
		synctest.Wait()
		if len(below.writes) != 2 {
			t.Errorf("%d writes instead of 2", len(below.writes))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A quiet connection is written to by whoever writes, without a goroutine.
func TestQuietConnectionsAreWrittenThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		go io.Copy(io.Discard, peer)
		for range quietAfter {
			mustWrite(t, s, "x")
			synctest.Wait()
			<-time.After(time.Millisecond)
		}
		s.mu.Lock()
		quiet := s.quiet()
		s.mu.Unlock()
		if !quiet {
			t.Errorf("not quiet after %d writes with pauses", quietAfter)
		}
		mustWrite(t, s, "x")
		mustWrite(t, s, "x") // no time has passed
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.alone >= quietAfter {
			t.Error("still quiet after two writes without a pause")
		}
	})
}

// What comes after a gap must never be sent: it would look as if all had been.
func TestNothingIsSentAfterAFailedWrite(t *testing.T) {
	for _, quiet := range []int{0, quietAfter} {
		synctest.Test(t, func(t *testing.T) {
			s, below, _ := piped(t)
			s.alone = quiet
			n, err := s.Write([]byte("lost"))
			if quiet == 0 && (n != 4 || err != nil) {
				t.Errorf("handing over: %d, %v", n, err)
			}
			<-time.After(2 * stalled) // the other side takes nothing
			synctest.Wait()
			if n, err := s.Write([]byte("later")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("after the failure: %d, %v", n, err)
			}
			if slices.Contains(below.writes, "later") {
				t.Errorf("wrote %q", below.writes)
			}
		})
	}
}

// Who sends waits for room where its own context, or its patience, can end that; Write
// never waits, because nats.go holds everybody up meanwhile.
func TestSendersWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		full := strings.Repeat("x", gatherLimit)
		if err := s.admit(t.Context(), len(full), 0); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, s, full)
		hasty, cancel := context.WithTimeout(t.Context(), stalled/4)
		defer cancel()
		if err := s.admit(hasty, 1, 0); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v", err)
		}
		if err := s.admit(t.Context(), 1, stalled/4); !errors.Is(err, errSlow) {
			t.Errorf("with little patience: %v", err)
		}
		mustWrite(t, s, "without being admitted")
		admitted := make(chan error, 1)
		go func() { admitted <- s.admit(t.Context(), 1, 0) }()
		synctest.Wait()
		if len(admitted) > 0 {
			t.Error("admitted without room")
		}
		go io.Copy(io.Discard, peer)
		if err := <-admitted; err != nil {
			t.Error(err)
		}
		s.release(1)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if s.admitted != 0 {
			t.Errorf("%d bytes stay admitted", s.admitted)
		}
	})
}

// A connection that ended keeps nobody waiting, and says so before it is closed.
func TestSendersDoNotWaitForAConnectionThatEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := piped(t)
		ended := 0
		s.ended = func() { ended++ }
		if err := s.admit(t.Context(), gatherLimit, 0); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, s, "nobody takes this")
		if err := s.admit(t.Context(), gatherLimit, 0); err != nil || ended == 0 {
			t.Errorf("after the stall: %v, ended %d times", err, ended)
		}
	})
}

// A quiet connection whose peer takes only a part is not waited for either.
func TestWhatIsNotTakenImmediatelyIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		s.alone = quietAfter
		began := time.Now()
		mustWrite(t, s, "hello")
		if took := time.Since(began); took != throughTime {
			t.Errorf("held up others for %s", took)
		}
		mustWrite(t, s, " world")
		got := make([]byte, len("hello world"))
		if _, err := io.ReadFull(peer, got); err != nil || string(got) != "hello world" {
			t.Errorf("got %q, %v", got, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A message larger than the limit is taken when nothing else waits.
func TestLargeMessagesAreTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		large := strings.Repeat("y", 3*gatherLimit)
		mustWrite(t, s, large)
		got := make([]byte, len(large))
		if _, err := io.ReadFull(peer, got); err != nil || string(got) != large {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		synctest.Wait()
		if s.mu.Lock(); cap(s.spare) > gatherLimit {
			t.Errorf("keeps a buffer of %d bytes", cap(s.spare))
		}
		s.mu.Unlock()
	})
}

func TestClosingWritesWhatWasHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		mustWrite(t, s, "one;")
		mustWrite(t, s, "two;")
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		got, err := io.ReadAll(peer)
		if string(got) != "one;two;" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if _, err := s.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("writing after Close: %v", err)
		}
	})
}

// A peer that takes a byte now and then holds nobody up.
func TestClosingEndsThoughThePeerIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, peer := piped(t)
		var slow sync.WaitGroup
		slow.Go(func() {
			for one := make([]byte, 1); ; {
				<-time.After(stalled * 3 / 4)
				if _, err := peer.Read(one); err != nil {
					return
				}
			}
		})
		mustWrite(t, s, strings.Repeat("z", 1000))
		began := time.Now()
		_ = s.Close()
		if took := time.Since(began); took != stalled {
			t.Errorf("closing took %s instead of %s", took, stalled)
		}
		slow.Wait()
	})
}
