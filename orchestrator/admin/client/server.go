package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 16 << 20

// grace is how long an answer may take beyond the time the process has for the call itself.
const grace = time.Second

// server is the admin server of one process, for one question.
type server struct {
	base       *url.URL
	options    Options
	http       *http.Client
	presenting bool // the token goes with the request
}

// answer is an HTTP answer, read in full.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newServer checks the address. Connections are not kept and no proxy is asked: who calls an admin server calls it once, and directly.
func newServer(adminURL string, o Options) (*server, error) {
	base, err := parse(adminURL)
	if err != nil {
		return nil, err
	}
	s := &server{base: base, options: o}
	s.http = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true, DialContext: s.dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, nil
}

// disbelief is the error of a connection over which the token does not go.
type disbelief struct{ error }

func (s disbelief) Unwrap() error { return s.error }

func (s *server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil || !s.presenting || s.options.Believe == nil {
		return conn, err
	}
	if err := s.options.Believe(conn); err != nil {
		return nil, errors.Join(disbelief{err}, conn.Close())
	}
	return conn, nil
}

// parse takes "http://host:port" and, because people type it, "host:port".
func parse(adminURL string) (*url.URL, error) {
	text := adminURL
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the admin URL cannot be read: write it as http://127.0.0.1:3030: %w", errors.Unwrap(err))
	}
	switch {
	case u.User != nil:
		return nil, errors.New("the admin URL holds a user or a password: leave it out and give the token by itself")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", !isPort(u.Port()), u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the admin URL is not one: write it as http://127.0.0.1:3030")
	case u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("the admin URL has the path %s, and an admin server has none: leave it out", u.Path)
	}
	return u, nil
}

// isPort tells whether something can listen at a port; none is that of the scheme.
func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && port > 0
}

// ask makes one request and reads the answer of an orchestrator; anything else is an error. It is made again with the token when
// the process asks for it: one that does not may be anybody's.
func (s *server) ask(ctx context.Context, method, path string, body []byte) (answer, error) {
	if s.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.options.Timeout+grace)
		defer cancel()
	}
	a, err := s.try(ctx, method, path, body)
	if err != nil || a.status != http.StatusUnauthorized || s.options.Token == "" {
		return a, err
	}
	s.presenting = true
	return s.try(ctx, method, path, body)
}

func (s *server) try(ctx context.Context, method, path string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.base.JoinPath("/").String()+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("the admin URL %s cannot be asked: %w", s.base, err)
	}
	s.setHeaders(request.Header)
	if metadata := bus.Baggage(ctx); metadata != "" {
		request.Header.Set(admin.MetadataHeader, metadata)
	}
	response, err := s.http.Do(request)
	if err != nil {
		return answer{}, s.unreachable(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("Server") != admin.ServerName {
		return answer{}, fmt.Errorf("what listens at %s is no admin server of an orchestrator (it answered %s): check --admin or METRICS_PORT", s.base, response.Status)
	}
	return s.read(response)
}

func (s *server) setHeaders(h http.Header) {
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "orchestrator-client")
	if s.presenting {
		h.Set("Authorization", "Bearer "+s.options.Token.Reveal())
	}
	if s.options.RequestID != "" {
		h.Set(admin.RequestIDHeader, s.options.RequestID)
	}
	if s.options.Timeout > 0 {
		h.Set(admin.TimeoutHeader, s.options.Timeout.String())
	}
}

func (s *server) read(response *http.Response) (answer, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return answer{}, fmt.Errorf("the process at %s broke its answer off: %w", s.base, err)
	}
	if len(body) > maxAnswer {
		return answer{}, fmt.Errorf("the process at %s answered more than %d MiB", s.base, maxAnswer>>20)
	}
	return answer{response.StatusCode, response.Header, bytes.TrimRight(body, "\n")}, nil
}
