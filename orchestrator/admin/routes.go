package admin

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// openPaths may be read under any host name and without a token: a kubelet probes and Prometheus scrapes by address.
var openPaths = map[string]bool{"/metrics": true, "/livez": true, "/readyz": true, "/healthz": true}

// route is one thing the server answers.
type route struct {
	method, path string
	doc          string // one line for the index
	development  bool   // exists in development only
	serve        http.HandlerFunc
}

// routes lists everything the server can answer, in the order of the index.
func (s *Server) routes() []route {
	return []route{
		{"GET", "/", "this list", false, s.index},
		{"GET", "/metrics", "Prometheus metrics", false, s.metrics().ServeHTTP},
		{"GET", "/livez", "200 while the process serves", false, s.livez},
		{"GET", "/readyz", "200 when every service takes calls, else 503", false, s.readyz},
		{"GET", "/healthz", "variant, uptime, services and their states", false, s.healthz},
		{"GET", "/debug/manifest", "what this binary was built from", false, s.manifest},
		{"GET", "/debug/calls", "calls in flight, oldest first", false, s.calls},
		{"GET", "/debug/nodes", "this node and those that it can reach", false, s.nodes},
		{"GET", "/debug/actions", "the catalog of actions", false, s.actions},
		{"POST", "/debug/call/{action}", "call an action with a JSON body", true, s.call},
		{"GET", "/debug/pprof/", "profiles of the Go runtime", true, s.untilShutdown(pprof.Index)},
		{"GET", "/debug/pprof/cmdline", "the command line", true, pprof.Cmdline},
		{"GET", "/debug/pprof/profile", "a CPU profile (?seconds=30)", true, s.untilShutdown(pprof.Profile)},
		{"GET", "/debug/pprof/symbol", "function names of program counters", true, pprof.Symbol},
		{"POST", "/debug/pprof/symbol", "the same, counters in the body", true, pprof.Symbol},
		{"GET", "/debug/pprof/trace", "an execution trace (?seconds=1)", true, s.untilShutdown(pprof.Trace)},
	}
}

// handler is every route behind the guard.
func (s *Server) handler(g *guard) http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		if r.development && !s.options.Development {
			continue
		}
		pattern := r.path
		if pattern == "/" {
			pattern = "/{$}"
		}
		mux.HandleFunc(r.method+" "+pattern, r.serve)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		_, known := mux.Handler(r)
		switch refused := g.check(r); {
		case refused != nil:
			turnAway(w, r)
			s.refuse(w, r, refused)
		case known == "":
			turnAway(w, r)
			mux.ServeHTTP(w, r) // 404 or 405
		default:
			s.admit(w, r, mux)
		}
	})
}

func setHeaders(h http.Header) {
	h.Set("Server", ServerName)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, why *refusal) {
	level := slog.LevelDebug
	if why.status == http.StatusUnauthorized {
		level = slog.LevelWarn
		w.Header().Set("WWW-Authenticate", `Bearer realm="admin"`)
	}
	s.options.Logger.Log(r.Context(), level, "admin request refused",
		"status", why.status, "why", why.message, "method", brief(r.Method), "path", brief(r.URL.Path), "host", brief(r.Host), "remote", r.RemoteAddr)
	http.Error(w, why.message, why.status)
}

// brief is the beginning of what a stranger sent, as much as a line of the log needs.
func brief(text string) string {
	const enough = 100
	if len(text) <= enough {
		return text
	}
	return text[:enough] + "…"
}

// metrics is asked for gzip or for nothing: the handler takes a refusal of gzip, such as gzip;q=0, for a mistake of its own.
func (s *Server) metrics() http.Handler {
	show := promhttp.HandlerFor(s.options.Gatherer, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(s.options.Logger.Handler(), slog.LevelError),
		ErrorHandling:       promhttp.ContinueOnError,
		OfferedCompressions: []promhttp.Compression{promhttp.Identity, promhttp.Gzip},
		MaxRequestsInFlight: 8,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if accepted := r.Header.Values("Accept-Encoding"); acceptsGzip(accepted) {
			r.Header.Set("Accept-Encoding", "gzip")
		} else {
			r.Header.Del("Accept-Encoding")
		}
		show.ServeHTTP(w, r)
	})
}

// acceptsGzip reads Accept-Encoding: gzip, x-gzip or anything, unless its weight is zero.
func acceptsGzip(header []string) bool {
	other := false
	for coding := range strings.SplitSeq(strings.ToLower(strings.Join(header, ",")), ",") {
		name, parameters, _ := strings.Cut(coding, ";")
		weight, said := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		wanted := !said || err == nil && q > 0
		switch strings.TrimSpace(name) {
		case "gzip", "x-gzip":
			return wanted
		case "*":
			other = wanted
		}
	}
	return other
}

func (s *Server) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, "%s: admin server of variant %s\n\n", ServerName, s.variant)
	for _, r := range s.routes() {
		if !r.development || s.options.Development {
			_, _ = fmt.Fprintf(w, "%-4s %-22s %s\n", r.method, r.path, r.doc)
		}
	}
}
