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
	"strings"
	"syscall"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 16 << 20

// grace is how long an answer may take beyond the time the process has for the call itself.
const grace = time.Second

// door is the admin server of one process, for one question.
type door struct {
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

// newDoor checks the address. Connections are not kept and no proxy is asked: who calls an admin server calls it once, and directly.
func newDoor(adminURL string, o Options) (*door, error) {
	base, err := parse(adminURL)
	if err != nil {
		return nil, err
	}
	d := &door{base: base, options: o}
	d.http = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true, DialContext: d.dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return d, nil
}

// disbelief is the error of a connection over which the token does not go.
type disbelief struct{ error }

func (d disbelief) Unwrap() error { return d.error }

func (d *door) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil || !d.presenting || d.options.Believe == nil {
		return conn, err
	}
	if err := d.options.Believe(conn); err != nil {
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
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the admin URL is not one: write it as http://127.0.0.1:3030")
	case u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("the admin URL has the path %s, and an admin server has none: leave it out", u.Path)
	}
	return u, nil
}

// ask makes one request and reads the answer of an orchestrator; anything else is an error. It is made again with the token when
// the process asks for it: one that does not may be anybody's.
func (d *door) ask(ctx context.Context, method, path string, body []byte) (answer, error) {
	if d.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d.options.Timeout+grace)
		defer cancel()
	}
	a, err := d.try(ctx, method, path, body)
	if err != nil || a.status != http.StatusUnauthorized || d.options.Token == "" {
		return a, err
	}
	d.presenting = true
	return d.try(ctx, method, path, body)
}

func (d *door) try(ctx context.Context, method, path string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, d.base.JoinPath("/").String()+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("the admin URL %s cannot be asked: %w", d.base, err)
	}
	d.setHeaders(request.Header)
	if metadata := bus.Baggage(ctx); metadata != "" {
		request.Header.Set(admin.MetadataHeader, metadata)
	}
	response, err := d.http.Do(request)
	if err != nil {
		return answer{}, d.unreachable(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("Server") != admin.ServerName {
		return answer{}, fmt.Errorf("what listens at %s is no admin server of an orchestrator (it answered %s): check --admin or METRICS_PORT", d.base, response.Status)
	}
	return d.read(response)
}

func (d *door) setHeaders(h http.Header) {
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "orchestrator-client")
	if d.presenting {
		h.Set("Authorization", "Bearer "+d.options.Token.Reveal())
	}
	if d.options.RequestID != "" {
		h.Set(admin.RequestIDHeader, d.options.RequestID)
	}
	if d.options.Timeout > 0 {
		h.Set(admin.TimeoutHeader, d.options.Timeout.String())
	}
}

func (d *door) read(response *http.Response) (answer, error) {
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return answer{}, fmt.Errorf("the process at %s broke its answer off: %w", d.base, err)
	}
	if len(body) > maxAnswer {
		return answer{}, fmt.Errorf("the process at %s answered more than %d MiB", d.base, maxAnswer>>20)
	}
	return answer{response.StatusCode, response.Header, bytes.TrimRight(body, "\n")}, nil
}

// unreachable says what to do about a process that did not answer at all.
func (d *door) unreachable(err error) error {
	var lookup *net.DNSError
	doubt, doubted := errors.AsType[disbelief](err)
	switch {
	case doubted:
		return fmt.Errorf("the process at %s asks for the admin token, and does not get it: %w; to send it all the same, put it into ADMIN_TOKEN and say --admin %s", d.base, doubt.error, d.base)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens at %s: start the process (go run ./orchestrator/cmd/dev), or say where it is with --admin URL or METRICS_PORT: %w", d.base, err)
	case errors.As(err, &lookup):
		return fmt.Errorf("the host of %s is not known: check --admin: %w", d.base, err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the process at %s did not answer in time: %w", d.base, err)
	}
	return fmt.Errorf("the process at %s cannot be asked: %w", d.base, err)
}
