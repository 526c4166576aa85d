package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
)

// Options say how to ask. The zero value works for a process on this machine.
type Options struct {
	// Token is sent to a process that asks for one, as those do that listen off loopback, and not before.
	Token config.Secret
	// Believe looks at a connection over which the token is to go; with its error the token is not sent. Defaults to believing
	// whoever listens at the address.
	Believe func(net.Conn) error
	// Timeout is how long the process may work on a call. Defaults to the process's own, 10 s.
	Timeout time.Duration
	// RequestID names the call in the process's logs. Defaults to one that the process makes.
	RequestID string
}

// Call calls an action of the process whose admin server is at adminURL, such as "http://127.0.0.1:3030", with a JSON body
// and returns the JSON of the answer. The metadata of ctx goes with it. An error that the action or the bus answered is a *bus.Error.
func Call(ctx context.Context, adminURL, action string, body []byte, o Options) ([]byte, error) {
	s, err := newServer(adminURL, o)
	if err != nil {
		return nil, err
	}
	if strings.Trim(action, ".") == "" {
		return nil, fmt.Errorf("%q is no name of an action: write it as service.action, for example pricing.evaluate", action)
	}
	answer, err := s.ask(ctx, http.MethodPost, "debug/call/"+url.PathEscape(action), body)
	if err != nil {
		return nil, err
	}
	if answer.status != http.StatusOK {
		return nil, s.callError(answer)
	}
	return answer.body, nil
}

// Actions returns the catalog of the process's actions, sorted by name.
func Actions(ctx context.Context, adminURL string, o Options) ([]bus.ActionInfo, error) {
	return get[[]bus.ActionInfo](ctx, adminURL, "debug/actions", o)
}

// Ready returns what the process says of itself; a process that is there and not ready is no error.
func Ready(ctx context.Context, adminURL string, o Options) (admin.Readiness, error) {
	return get[admin.Readiness](ctx, adminURL, "readyz", o, http.StatusServiceUnavailable)
}

// Health returns which variant the process is and how it is. The question needs no token.
func Health(ctx context.Context, adminURL string, o Options) (admin.Health, error) {
	return get[admin.Health](ctx, adminURL, "healthz", o)
}

// get reads a page; good are the statuses beside OK that come with one.
func get[T any](ctx context.Context, adminURL, path string, o Options, good ...int) (page T, err error) {
	s, err := newServer(adminURL, o)
	if err != nil {
		return page, err
	}
	answer, err := s.ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return page, err
	}
	if answer.status != http.StatusOK && !slices.Contains(good, answer.status) {
		return page, s.refusal(answer)
	}
	if err := json.Unmarshal(answer.body, &page); err != nil {
		return page, fmt.Errorf("the process at %s answered something else than expected; is it of another version? %w", s.base, err)
	}
	return page, nil
}
