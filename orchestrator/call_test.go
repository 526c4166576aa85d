package orchestrator_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// endless is a request without end, and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	if e.read > 16<<20 {
		return 0, io.ErrUnexpectedEOF // nobody waits for the memory to be full
	}
	clear(p)
	return len(p), nil
}

func TestCallReadsNoMoreThanAProcessTakes(t *testing.T) {
	const says = "is longer than 1048576 bytes"
	in := &endless{}
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo", "-")
	r.options.Stdin = in
	r.want(r.run(), 1, "the request in stdin "+says)
	if in.read > 4<<20 {
		t.Errorf("read %d bytes", in.read)
	}
	big := filepath.Join(t.TempDir(), "big.json")
	for _, c := range []struct {
		bytes int
		want  string
	}{{1 << 20, "no process listens"}, {1<<20 + 1, big + " " + says}} {
		if err := os.WriteFile(big, make([]byte, c.bytes), 0o600); err != nil {
			t.Fatal(err)
		}
		call := r.again("call", "apps.echo", "@"+big).set("METRICS_PORT=" + freePort(t))
		call.want(call.run(), 1, c.want)
	}
}

// What listens and says nothing is not waited for beyond the second that an answer has to come back.
func TestCallToASilentListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo", "{}", "--timeout", "20ms", "--admin", "http://"+l.Addr().String())
	begun := time.Now()
	r.want(r.run(), 1, "did not answer in time")
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestCallRefusesATimeoutThatIsNone(t *testing.T) {
	for _, text := range []string{"-1s", "0", "0s", "11m", "2562047h", "soon"} {
		r := newRig(t, binary(t, "dev", &fixture{name: "apps"}), "call", "apps.echo", "{}", "--timeout="+text)
		r.want(r.run(), 64, "write a duration above 0 and up to 10m0s", "usage: call")
		if strings.Contains(r.stderr.String(), "listens") {
			t.Errorf("%s was tried:\n%s", text, r.stderr)
		}
	}
}
