package admin

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/config"
)

// guard decides, before any handler runs, whether a request may pass.
type guard struct {
	hosts       map[string]bool // names and addresses a Host header may carry, lower case, without a port
	remote      bool            // bound off loopback: other machines can connect
	token       config.Secret
	crossOrigin http.CrossOriginProtection
}

// refusal is an answer of the guard that is no pass. It reads as a sentence for the person who made the request.
type refusal struct {
	status  int
	message string
}

// newGuard makes the guard of a server that listens on bound.
func newGuard(bound net.Addr, extraHosts []string, token config.Secret) *guard {
	g := &guard{hosts: map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}, remote: !isLoopback(bound), token: token}
	g.hosts[hostOf(bound.String())] = true
	for _, host := range extraHosts {
		g.hosts[hostOf(host)] = true
	}
	delete(g.hosts, "")
	return g
}

// check returns nil when r may pass. The order matters: a request under a foreign name is turned away before anything in it is believed.
func (g *guard) check(r *http.Request) *refusal {
	open := openPaths[r.URL.Path]
	if !open && !g.knowsHost(r) {
		return &refusal{http.StatusMisdirectedRequest, "this server does not answer to the name in the Host header; use localhost or the address it listens on, or add the name to admin_hosts"}
	}
	if err := g.checkOrigin(r); err != nil {
		return &refusal{http.StatusForbidden, err.Error()}
	}
	if open {
		return nil
	}
	return g.checkToken(r)
}

// knowsHost reports whether the Host header names this server: an allowed name, or the address that the connection came in at.
// Both cannot be forged by a page whose name was rebound to our address. Ports are ignored, so that an SSH tunnel works.
func (g *guard) knowsHost(r *http.Request) bool {
	host := hostOf(r.Host)
	if g.hosts[host] {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && host != "" && host == hostOf(local.String())
}

// checkOrigin refuses what a browser sends on behalf of a page that is not ours.
func (g *guard) checkOrigin(r *http.Request) error {
	if strings.Contains(strings.ToLower(strings.Join(r.Header.Values("Upgrade"), ",")), "websocket") {
		return errors.New("websocket upgrades are refused")
	}
	if r.Header.Get("Sec-Fetch-Mode") == "no-cors" {
		return errors.New("requests that a page embeds (Sec-Fetch-Mode: no-cors) are refused")
	}
	if origins := r.Header.Values("Origin"); len(origins) > 0 && (len(origins) > 1 || !sameOrigin(origins[0], r.Host)) {
		return errors.New("requests from a page of another origin are refused")
	}
	sameSite := []string{"", "same-origin", "none"}
	if !slices.Contains(sameSite, r.Header.Get("Sec-Fetch-Site")) && r.Header.Get("Sec-Fetch-Mode") != "navigate" {
		return errors.New("requests that another site makes are refused; following a link is not")
	}
	return g.crossOrigin.Check(r)
}

// checkToken asks for the token where the request may come from another machine.
func (g *guard) checkToken(r *http.Request) *refusal {
	if !g.remote && !proxied(r) {
		return nil
	}
	if g.token == "" {
		return &refusal{http.StatusForbidden, "from other machines only probes and metrics are open: no admin token is configured"}
	}
	scheme, presented, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !sameToken(g.token, strings.TrimSpace(presented)) {
		return &refusal{http.StatusUnauthorized, "send the admin token: Authorization: Bearer <token>"}
	}
	return nil
}

func sameOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.EqualFold(u.Host, host)
}

// hostOf is the lower-case host of "host", "host:port", "[v6]:port" or "[v6]".
func hostOf(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
}

func isLoopback(addr net.Addr) bool {
	bound, err := netip.ParseAddrPort(addr.String())
	return err == nil && bound.Addr().Unmap().IsLoopback()
}
