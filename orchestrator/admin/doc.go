// Package admin is the operator's HTTP server of a running process, for probes, metrics, what the binary is and
// what it is doing, and in development for calling its actions. [Server.Listen] binds, so that a busy port is known before
// any service starts; [Server.Serve] answers until [Server.Shutdown]. Package client is the other end.
//
// docs/operations.md lists the endpoints. "/" lists them too, as plain text.
//
// # Who may pass
//
// It is made for a machine on which a browser also runs, so a request is judged before anything in it is believed:
//
//  1. The Host header must name this server, or 421: a page whose name was rebound to 127.0.0.1 does not.
//  2. A websocket upgrade, a request from a page of another origin and one that a page embeds get 403. Following a link is let
//     through, because no request with a safe method changes anything.
//  3. When the server listens off loopback, or a proxy says that it forwards, a bearer token is needed: 401 without it, 403 when none
//     is configured.
//
// /metrics, /livez, /readyz and /healthz skip 1 and 3: a kubelet probes and Prometheus scrapes by address. They tell names
// of services, actions and their states, and take nothing in.
//
// # What does not exist in production
//
// POST /debug/call/{action} and /debug/pprof/ are not routed unless Options.Development is set: they answer 404.
//
// # What a client can take
//
// 64 connections, 5 s for a header, 10 s for a body of at most 1 MiB. At the limit a newcomer takes the place of the
// connection that has waited longest without being served, so that slow or idle clients cannot make a probe fail. A
// connection counts as served when all of its request has come and may pass, and a quarter of the places is never given to
// requests that are no probes and no metrics.
package admin
