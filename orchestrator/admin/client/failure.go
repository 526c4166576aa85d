package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/shopanaio/orchestrator/bus"
)

// callError turns an answer that is not the response of the action into an error: what the bus said, or what kept the call from it.
func (s *server) callError(a answer) error {
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		var e bus.Error
		if json.Unmarshal(a.body, &e) == nil && e.Code != bus.OK {
			return bus.Remote(&e)
		}
	}
	if a.status == http.StatusNotFound {
		return fmt.Errorf("the process at %s takes no calls from its admin server: that exists in development only (NODE_ENV=development)", s.base)
	}
	return s.refusal(a)
}

// refusal passes the sentence on with which the server turned the request away.
func (s *server) refusal(a answer) error {
	said := strings.TrimSpace(string(a.body))
	if said == "" || len(said) > 1000 {
		said = http.StatusText(a.status)
	}
	return fmt.Errorf("the process at %s refused (%d): %s", s.base, a.status, said)
}

// failure is a sentence in place of an error whose text says less.
type failure struct {
	sentence string
	cause    error
}

// Error is the sentence.
func (f failure) Error() string { return f.sentence }

// Unwrap gives the cause.
func (f failure) Unwrap() error { return f.cause }

// unreachable says what to do about a process that did not answer at all.
func (s *server) unreachable(err error) error {
	if request, ok := errors.AsType[*url.Error](err); ok {
		err = request.Err // without the method and the URL, which is not the one that was given
	}
	say := func(format string, args ...any) error { return failure{fmt.Sprintf(format, args...), err} }
	var lookup *net.DNSError
	doubt, doubted := errors.AsType[disbelief](err)
	switch {
	case doubted:
		return say("the process at %s asks for the admin token, and does not get it: %v; to send it all the same, put it into ADMIN_TOKEN and say --admin %s", s.base, doubt.error, s.base)
	case errors.Is(err, syscall.ECONNREFUSED):
		return say("nothing listens at %s: start the process (go run ./orchestrator/cmd/dev), or say where it is with --admin URL or METRICS_PORT", s.base)
	case errors.As(err, &lookup):
		return say("the host of %s is not known: check --admin", s.base)
	case errors.Is(err, context.DeadlineExceeded):
		return say("the process at %s did not answer in time: the handler may work on without looking at its ctx; %s lists the calls that run", s.base, s.base.JoinPath("debug/calls"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return say("the process at %s ended the connection before it answered: it has stopped, or was stopped, meanwhile; its log says why", s.base)
	}
	return fmt.Errorf("the process at %s cannot be asked: %w", s.base, err)
}
