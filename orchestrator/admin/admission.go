package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// admit answers a request that the guard lets pass. Its connection can be thrown out until all of the request is here: to
// announce a body and withhold it costs nothing, and must not buy a place that a probe needs.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Body != http.NoBody && !s.readAhead(w, r) {
		return
	}
	if !markServing(r, openPaths[r.URL.Path]) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "as many requests as may be are being answered; the places that are left are for probes and metrics", http.StatusServiceUnavailable)
		return
	}
	next.ServeHTTP(w, r)
}

// readAhead reads the body, for as long and as much of it as a client may take, and puts what came in its place. What did not
// come in full is answered, and nobody else sees it.
func (s *Server) readAhead(w http.ResponseWriter, r *http.Request) bool {
	connection := http.NewResponseController(w)
	_ = connection.SetReadDeadline(time.Now().Add(s.options.Limits.BodyTimeout))
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.options.Limits.BodyBytes))
	if tooBig, ok := errors.AsType[*http.MaxBytesError](err); ok {
		http.Error(w, fmt.Sprintf("a request's body may have %d bytes at most", tooBig.Limit), http.StatusRequestEntityTooLarge)
		return false
	}
	if err != nil {
		w.Header().Set("Connection", "close")
		http.Error(w, "the body did not arrive in full: "+err.Error(), http.StatusRequestTimeout)
		return false
	}
	_ = connection.SetReadDeadline(time.Time{}) // which would end a call that takes longer
	r.Body = io.NopCloser(bytes.NewReader(text))
	return true
}

// turnAway ends the connection after the answer, without reading what else the client announced.
func turnAway(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if r.Body != http.NoBody {
		_ = http.NewResponseController(w).SetReadDeadline(time.Unix(1, 0))
	}
}

// untilShutdown ends what serve does when the server shuts down: a profile of a minute does not hold a stop up.
func (s *Server) untilShutdown(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.retired, cancel)()
		serve(w, r.WithContext(ctx))
	}
}
