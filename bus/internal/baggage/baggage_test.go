package baggage

import (
	"strings"
	"testing"
)

func TestWhatIsGoodOfAMessageIsTaken(t *testing.T) {
	if got := Received("a b=c,language=en,a=%,tenant=x").String(); got != "language=en,tenant=x" {
		t.Errorf("it is %q", got)
	}
}

// Whatever comes as metadata is read within its bounds, and read again as it was written.
func FuzzBaggage(f *testing.F) {
	for _, seed := range []string{"", "a=b", "a=b,c=d;e=f", "a=%D1%97", ",,,=;%", "a=" + strings.Repeat("%41", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := Received(text)
		if b.Problem() != nil {
			t.Fatalf("%q became too much: %v", text, b.Problem())
		}
		written := b.String()
		again, err := Parse(written)
		if err != nil || again.String() != written || len(again.list()) != len(b.list()) {
			t.Fatalf("%q was written as %q and read as %q, %v", text, written, again, err)
		}
		if b != nil && len(written) > b.size {
			t.Fatalf("%q takes %d bytes, not %d", written, len(written), b.size)
		}
	})
}
