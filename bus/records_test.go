package bus

import (
	"bytes"
	"log/slog"
	"sync"
)

// records keeps what a node logs.
type records struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *records) logger() *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String()
}
