package admin

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/shopanaio/orchestrator/config"
)

const testToken = config.Secret("0123456789abcdef0123456789abcdef")

// guardRow is one request against one binding.
type guardRow struct {
	name   string
	bound  string        // where the server listens; the connection comes in at the same address
	token  config.Secret // configured
	method string
	host   string
	path   string
	header http.Header
	want   int
}

// h makes a header of name, value pairs.
func h(pairs ...string) http.Header {
	header := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		header.Add(pairs[i], pairs[i+1])
	}
	return header
}

const (
	local   = "127.0.0.1:3030"
	local6  = "[::1]:3030"
	public  = "10.0.0.5:3030"
	anywher = "0.0.0.0:3030"
	callURL = "/debug/call/a.b"
	calls   = "/debug/calls"
	ok      = http.StatusOK
	wrongH  = http.StatusMisdirectedRequest
	refused = http.StatusForbidden
	unauth  = http.StatusUnauthorized
)

// hostRows: the Host header (DNS rebinding).
var hostRows = []guardRow{
	{"loopback address", local, "", "GET", "127.0.0.1:3030", calls, nil, ok},
	{"loopback name", local, "", "POST", "localhost:3030", callURL, nil, ok},
	{"name in capitals", local, "", "GET", "LOCALHOST:3030", calls, nil, ok},
	{"loopback IPv6", local6, "", "POST", "[::1]:3030", callURL, nil, ok},
	{"IPv6 without port", local6, "", "GET", "[::1]", calls, nil, ok},
	{"tunnel with another port", local, "", "POST", "localhost:8080", callURL, nil, ok},
	{"configured extra host", local, "", "GET", "door.example", calls, nil, ok},
	{"rebound name GET", local, "", "GET", "evil.example:3030", calls, nil, wrongH},
	{"rebound name HEAD", local, "", "HEAD", "evil.example:3030", calls, nil, wrongH},
	{"rebound name POST", local, "", "POST", "evil.example:3030", callURL, nil, wrongH},
	{"rebound name OPTIONS", local, "", "OPTIONS", "evil.example:3030", callURL, nil, wrongH},
	{"rebound name DELETE", local, "", "DELETE", "evil.example", "/", nil, wrongH},
	{"rebound name, index", local, "", "GET", "evil.example:3030", "/", nil, wrongH},
	{"rebound name with its own origin", local, "", "POST", "evil.example:3030", callURL, h("Origin", "http://evil.example:3030"), wrongH},
	{"rebound name says same-origin", local, "", "POST", "evil.example:3030", callURL, h("Sec-Fetch-Site", "same-origin"), wrongH},
	{"rebound name with the token", public, testToken, "POST", "evil.example:3030", callURL, h("Authorization", "Bearer "+testToken.Reveal()), wrongH},
	{"name that begins like ours", local, "", "GET", "localhost.evil.example", calls, nil, wrongH},
	{"empty host", local, "", "GET", "", calls, nil, wrongH},
	{"another address of the machine", local, "", "GET", "10.0.0.5:3030", calls, nil, wrongH},
	{"path that only looks open", local, "", "GET", "evil.example", "/metrics/../debug/calls", nil, wrongH},
	{"scrape by address", anywher, "", "GET", "10.0.0.5:3030", "/metrics", nil, ok},
	{"scrape by service name", public, "", "GET", "shop.default.svc:3030", "/metrics", nil, ok},
	{"kubelet probe livez", public, "", "GET", "10.0.0.5:3030", "/livez", nil, ok},
	{"kubelet probe readyz", public, testToken, "GET", "pod-7:3030", "/readyz", nil, ok},
	{"image health check", local, "", "GET", "anything", "/healthz", nil, ok},
}

// originRows: what a browser says about the page that asks.
var originRows = []guardRow{
	{"no browser", local, "", "POST", local, callURL, nil, ok},
	{"our own page", local, "", "POST", local, callURL, h("Origin", "http://127.0.0.1:3030", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors"), ok},
	{"typed into the address bar", local, "", "GET", local, calls, h("Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"), ok},
	{"a link on another site", local, "", "GET", local, calls, h("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"), ok},
	{"another site's form", local, "", "POST", local, callURL, h("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"), refused},
	{"another port's page posts", local, "", "POST", local, callURL, h("Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:8080"), refused},
	{"another site's fetch", local, "", "GET", local, calls, h("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "cors"), refused},
	{"old browser, foreign origin, POST", local, "", "POST", local, callURL, h("Origin", "http://evil.example"), refused},
	{"foreign origin, GET", local, "", "GET", local, calls, h("Origin", "http://evil.example"), refused},
	{"foreign origin, HEAD", local, "", "HEAD", local, calls, h("Origin", "https://evil.example"), refused},
	{"foreign origin, preflight", local, "", "OPTIONS", local, callURL, h("Origin", "https://evil.example", "Access-Control-Request-Method", "POST"), refused},
	{"same host, other port as origin", local, "", "GET", local, calls, h("Origin", "http://127.0.0.1:3031"), refused},
	{"null origin, POST", local, "", "POST", local, callURL, h("Origin", "null"), refused},
	{"null origin, GET", local, "", "GET", local, calls, h("Origin", "null"), refused},
	{"empty origin", local, "", "GET", local, calls, h("Origin", ""), refused},
	{"two origins", local, "", "GET", local, calls, h("Origin", "http://127.0.0.1:3030", "Origin", "http://evil.example"), refused},
	{"origin of another scheme", local, "", "GET", local, calls, h("Origin", "file://127.0.0.1:3030"), refused},
	{"image on our page", local, "", "GET", local, calls, h("Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "no-cors"), refused},
	{"image on another page", local, "", "GET", local, calls, h("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), refused},
	{"metrics as an image", local, "", "GET", local, "/metrics", h("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), refused},
	{"metrics with foreign origin", local, "", "GET", local, "/metrics", h("Origin", "http://evil.example"), refused},
	{"websocket", local, "", "GET", local, calls, h("Connection", "Upgrade", "Upgrade", "websocket"), refused},
	{"websocket among others", local, "", "GET", local, "/metrics", h("Upgrade", "h2c, WebSocket/13"), refused},
	{"harmless upgrade", local, "", "GET", local, calls, h("Upgrade", "h2c"), ok},
	{"the token does not excuse the origin", public, testToken, "POST", public, callURL,
		h("Origin", "http://evil.example", "Authorization", "Bearer "+testToken.Reveal()), refused},
}

// tokenRows: who may come from another machine.
var tokenRows = []guardRow{
	{"remote without configured token", public, "", "GET", public, calls, nil, refused},
	{"remote, an empty token is none", public, "", "GET", public, calls, h("Authorization", "Bearer "), refused},
	{"remote index without token", public, "", "GET", public, "/", nil, refused},
	{"remote with token", public, testToken, "POST", public, callURL, h("Authorization", "Bearer "+testToken.Reveal()), ok},
	{"scheme in lower case", public, testToken, "GET", public, calls, h("Authorization", "bearer "+testToken.Reveal()), ok},
	{"remote without token sent", public, testToken, "GET", public, calls, nil, unauth},
	{"remote with wrong token", public, testToken, "GET", public, calls, h("Authorization", "Bearer nope"), unauth},
	{"a prefix of the token", public, testToken, "GET", public, calls, h("Authorization", "Bearer "+testToken.Reveal()[:31]), unauth},
	{"basic instead of bearer", public, testToken, "GET", public, calls, h("Authorization", "Basic "+testToken.Reveal()), unauth},
	{"token in the URL", public, testToken, "GET", public, calls + "?token=" + testToken.Reveal(), nil, unauth},
	{"all interfaces, from this machine", anywher, testToken, "GET", "127.0.0.1:3030", calls, nil, unauth},
	{"all interfaces, by address, with token", anywher, testToken, "GET", anywher, calls, h("Authorization", "Bearer "+testToken.Reveal()), ok},
	{"loopback through a proxy, no token configured", local, "", "GET", local, calls, h("X-Forwarded-For", "127.0.0.1"), refused},
	{"loopback through a proxy, POST", local, "", "POST", local, callURL, h("X-Forwarded-For", "203.0.113.7"), refused},
	{"an empty X-Forwarded-For is one", local, "", "GET", local, calls, h("X-Forwarded-For", ""), refused},
	{"Forwarded", local, testToken, "GET", local, calls, h("Forwarded", "for=127.0.0.1"), unauth},
	{"X-Real-IP", local, testToken, "GET", local, calls, h("X-Real-Ip", "127.0.0.1"), unauth},
	{"a proxy by HTTP/1.0", local, "", "POST", local, callURL, h("Test-Protocol", "HTTP/1.0"), refused},
	{"a header of ours", local, "", "POST", local, callURL, h("X-Request-Id", "1", "Baggage", "project=demo", "Traceparent", "00-1-2-3", "User-Agent", "curl"), ok},
	{"loopback through a proxy, with token", local, testToken, "GET", local, calls, h("X-Forwarded-For", "203.0.113.7", "Authorization", "Bearer "+testToken.Reveal()), ok},
	{"probe through a proxy", local, "", "GET", local, "/readyz", h("X-Forwarded-For", "203.0.113.7"), ok},
	{"metrics from another machine", public, testToken, "GET", public, "/metrics", nil, ok},
	{"loopback asks for no token", local, testToken, "GET", local, calls, nil, ok},
}

// Proves: S-03 (who may pass; that refused requests reach no handler is in TestGuardComesFirst).
func TestGuard(t *testing.T) {
	rows := append(append(append([]guardRow{}, hostRows...), originRows...), tokenRows...)
	if len(rows) < 40 {
		t.Fatalf("%d rows, want at least 40", len(rows))
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := row.run(t); got != row.want {
				t.Errorf("%s %s as %q with %v at %s: %d, want %d", row.method, row.path, row.host, row.header, row.bound, got, row.want)
			}
		})
	}
}

func (row guardRow) run(t *testing.T) int {
	t.Helper()
	bound, err := net.ResolveTCPAddr("tcp", row.bound)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(row.method, row.path, nil)
	r.Host = row.host
	if row.header != nil {
		r.Header = row.header
	}
	if row.header.Get("Test-Protocol") != "" {
		r.ProtoMajor, r.ProtoMinor, _ = http.ParseHTTPVersion(row.header.Get("Test-Protocol"))
	}
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(bound)))
	if refused := newGuard(bound, []string{"door.example"}, row.token).check(r); refused != nil {
		return refused.status
	}
	return http.StatusOK
}

// Whoever passes a request on, the peer's address is not that of who asks.
func TestProxiesAreRecognised(t *testing.T) {
	for _, name := range []string{
		"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Forwarded", "Forwarded", "Forwarded-For",
		"X-Original-Forwarded-For", "X-Original-Host", "Via", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "X-Cluster-Client-IP",
		"CF-Connecting-IP", "CF-Ray", "CDN-Loop", "Fastly-Client-IP", "Fly-Client-IP", "X-Envoy-External-Address", "X-Amzn-Trace-Id",
		"X-Amz-Cf-Id", "X-Azure-ClientIP", "X-ProxyUser-Ip", "X-Appengine-User-Ip", "X-Varnish", "X-Arr-Log-Id", "Max-Forwards",
	} {
		header := http.Header{}
		header.Set(name, "203.0.113.7")
		if got := (guardRow{bound: local, method: "POST", host: local, path: callURL, header: header}).run(t); got != refused {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func FuzzGuardHost(f *testing.F) {
	for _, row := range hostRows {
		f.Add(row.host)
	}
	bound, err := net.ResolveTCPAddr("tcp", local)
	if err != nil {
		f.Fatal(err)
	}
	g := newGuard(bound, nil, "")
	allowed := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}
	f.Fuzz(func(t *testing.T, host string) {
		r := httptest.NewRequest(http.MethodGet, calls, nil)
		r.Host = host
		if g.check(r) == nil && !allowed[hostOf(host)] {
			t.Errorf("Host %q passed", host)
		}
	})
}
