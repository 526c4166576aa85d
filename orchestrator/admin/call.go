package admin

import (
	"context"
	"crypto/rand"
	"errors"
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

// maxTimeout bounds what a client may ask for, so that a slip does not hold a shutdown up.
const maxTimeout = 10 * time.Minute

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
	body, ok := s.readBody(w, r)
	if !ok {
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

// readBody reads the whole body and then lets the connection be read without a deadline, so that the body's one does not
// end a call that takes longer.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		http.Error(w, fmt.Sprintf("a request's body may have %d bytes at most", tooBig.Limit), http.StatusRequestEntityTooLarge)
		return nil, false
	case err != nil:
		w.Header().Set("Connection", "close")
		http.Error(w, "the body did not arrive in full: "+err.Error(), http.StatusRequestTimeout)
		return nil, false
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	return body, true
}

// allowAnswerAfter moves the deadline for writing behind the time the call may take.
func (s *Server) allowAnswerAfter(w http.ResponseWriter, timeout time.Duration) {
	if timeout == 0 {
		timeout = maxTimeout // the bus's own default is shorter
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + s.options.Limits.WriteTimeout))
}

// timeoutOf is what the client asks for, 0 when it leaves it to the bus.
func timeoutOf(r *http.Request) (time.Duration, error) {
	text := r.URL.Query().Get("timeout")
	if text == "" {
		text = r.Header.Get(TimeoutHeader)
	}
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > maxTimeout {
		return 0, fmt.Errorf("the timeout %q is no duration between 1ns and %s, such as 500ms or 2s", text, maxTimeout)
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
	if id == "" || len(id) > 128 {
		return rand.Text()
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return rand.Text()
		}
	}
	return id
}
