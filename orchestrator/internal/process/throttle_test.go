package process

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestThrottleCountsByKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		h := newThrottle(slog.NewTextHandler(&text, nil))
		log := slog.New(h).With("process", "dev").WithGroup("x")
		for i := range throttleBurst + 5 {
			log.Warn("refused", "service", "apps")
			log.Warn(fmt.Sprintf("read tcp 127.0.0.1:%d: reset", 1000+i))
		}
		log.Warn("refused", "service", "pricing")
		if n := strings.Count(text.String(), "\n"); n != 2*throttleBurst+1 || h.kinds.dropped.Load() != 10 {
			t.Errorf("%d lines, %d dropped:\n%s", n, h.kinds.dropped.Load(), &text)
		}
		text.Reset()
		<-time.After(throttleEvery)
		log.Warn("refused", "service", "apps")
		log.Warn("refused", "service", "apps")
		if n := strings.Count(text.String(), "suppressed=5"); n != 1 {
			t.Errorf("the next line does not say how many are missing:\n%s", &text)
		}
	})
}

// However many kinds there are, they take bounded room.
func TestThrottleIsBounded(t *testing.T) {
	h := newThrottle(slog.DiscardHandler)
	for i := range 10 * throttleKinds {
		r := slog.NewRecord(time.Now(), slog.LevelWarn, "refused", 0)
		r.AddAttrs(slog.String("service", fmt.Sprint("service-", i)))
		if err := h.Handle(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.kinds.all); n > throttleKinds+1 {
		t.Errorf("%d kinds are kept", n)
	}
}
