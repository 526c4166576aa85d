package admin

import (
	"net/http"
	"slices"
	"strings"
)

// What proxies, load balancers and networks that stand before a server add to a request, by their canonical names: nobody who
// asks directly sends any of them. Where one is present, the peer's address proves nothing.
var (
	proxyHeaders = map[string]bool{
		"Via": true, "Forwarded": true, "Max-Forwards": true, "Cdn-Loop": true, "X-Host": true,
		"X-Scheme": true, "X-Varnish": true, "X-Cloud-Trace-Context": true, "Proxy-Authorization": true, "Proxy-Connection": true,
	}
	proxyPrefixes = []string{
		"X-Forwarded", "X-Original-", "X-Proxy", "X-Envoy-", "X-Amz", "X-Azure-", "X-Arr-", "X-Appengine-", "X-Vercel-", "X-Nf-",
		"Cf-", "Fly-", "Fastly-", "Akamai-", "Tailscale-",
	}
	proxySuffixes = []string{"Real-Ip", "Client-Ip", "Connecting-Ip", "Forwarded-For"}
)

// proxied tells whether a request was passed on by somebody. HTTP/1.0 is what nginx speaks to what it stands before, unless it is
// told otherwise, and adds no header.
func proxied(r *http.Request) bool {
	if !r.ProtoAtLeast(1, 1) {
		return true
	}
	for name := range r.Header {
		begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
		ends := func(suffix string) bool { return strings.HasSuffix(name, suffix) }
		if proxyHeaders[name] || slices.ContainsFunc(proxyPrefixes, begins) || slices.ContainsFunc(proxySuffixes, ends) {
			return true
		}
	}
	return false
}
