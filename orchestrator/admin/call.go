package admin

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// The headers of a call.
const (
	RequestIDHeader = "X-Request-ID"      // names the call in logs; made when absent, always in the answer
	MetadataHeader  = "Baggage"           // the call's metadata, as W3C Baggage writes it: language=uk,channel=web
	TimeoutHeader   = "X-Request-Timeout" // how long the call may take, a Go duration such as 2s; ?timeout= overrides it
)

// Caller is the name under which the bus counts the calls that come in through the server.
const Caller = "admin"

// MaxTimeout bounds what a client may ask for, so that a slip does not hold a shutdown up.
const MaxTimeout = 10 * time.Minute

func (s *Server) call(w http.ResponseWriter, r *http.Request) {
	id := requestID(r)
	w.Header().Set(RequestIDHeader, id)
	timeout, err := timeoutOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !isJSON(r) {
		http.Error(w, "the body must be JSON: send Content-Type: application/json (curl --json does)", http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(r.Body) // it is here already
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, err := bus.WithBaggage(bus.WithRequestID(r.Context(), id), strings.Join(r.Header.Values(MetadataHeader), ","))
	if err != nil {
		http.Error(w, "the header "+MetadataHeader+": "+err.Error(), http.StatusBadRequest)
		return
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	s.allowAnswerAfter(w, timeout)
	answer, err := s.options.Node.CallJSON(ctx, s.options.Node.View(Caller), r.PathValue("action"), body)
	if err != nil {
		writeError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(answer, '\n'))
}

// allowAnswerAfter moves the deadline for writing behind the time the call may take.
func (s *Server) allowAnswerAfter(w http.ResponseWriter, timeout time.Duration) {
	if timeout == 0 {
		timeout = MaxTimeout // the bus's own default is shorter
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + s.options.Limits.WriteTimeout))
}

// timeoutOf is what the client asks for, 0 when it leaves it to the bus.
func timeoutOf(r *http.Request) (time.Duration, error) {
	text := cmp.Or(r.URL.Query().Get("timeout"), r.Header.Get(TimeoutHeader))
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > MaxTimeout {
		return 0, fmt.Errorf("the timeout %q is no duration between 1ns and %s, such as 500ms or 2s", text, MaxTimeout)
	}
	return d, nil
}

// isJSON also takes an absent Content-Type; what a page's form can send without asking us first is refused.
func isJSON(r *http.Request) bool {
	text := r.Header.Get("Content-Type")
	if text == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(text)
	return err == nil && media == "application/json"
}

// requestID takes the client's id when it is safe to write into a log line, and makes one otherwise.
func requestID(r *http.Request) string {
	id := r.Header.Get(RequestIDHeader)
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	if id == "" || len(id) > 128 || strings.ContainsFunc(id, strange) {
		return rand.Text()
	}
	return id
}
