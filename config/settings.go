package config

import (
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings are what a running process needs to know beside its services' own
// settings.
type Settings struct {
	// Environment is Development or Production (NODE_ENV); default Development.
	Environment string
	// RequireConfig refuses to run without a config.yml (ORCHESTRATOR_REQUIRE_CONFIG);
	// default true in production, false in development.
	RequireConfig bool
	// Transporter says how calls leave the process (ORCHESTRATOR_TRANSPORTER,
	// transporter); default memory. Without a Kind it could not be read.
	Transporter Transporter
	// Namespace begins every subject on NATS and is a label of the bus's metrics,
	// so that installations can share a server (ORCHESTRATOR_NAMESPACE, namespace);
	// default platform.
	Namespace string
	// NodeID names this process to the others on NATS and in the bus's metrics
	// (ORCHESTRATOR_NODE_ID, node_id); default one that is made of the variant and
	// chance, and is another one after each start.
	NodeID string
	// PreferLocal keeps calls of services in this process in it (prefer_local);
	// default true. False shares them with the other instances over the transport.
	PreferLocal bool
	// Strict sends calls between services of the process through the codec that calls
	// between processes go through, so that what works here works there
	// (ORCHESTRATOR_STRICT, strict); default true in development, false in
	// production, where such calls are copied instead.
	Strict bool
	// LogLevel is the least level that is logged (LOG_LEVEL, log_level); default info.
	LogLevel slog.Level
	// LogFormat is "text" or "json" (LOG_FORMAT, log_format); default text in
	// development and json in production.
	LogFormat string
	// MetricsPort is the admin server's TCP port (METRICS_PORT, metrics_port);
	// default 3030, and 0 means any free one.
	MetricsPort int
	// AdminAddress is the IP address, or localhost, that the admin server listens
	// on (ADMIN_ADDRESS, admin_address); default 127.0.0.1.
	AdminAddress string
	// AdminToken lets other machines use the admin server's pages beyond probes
	// and metrics (ADMIN_TOKEN, admin_token), at least [MinAdminToken] characters;
	// default none, which keeps these pages to this machine.
	AdminToken Secret
	// AdminHosts are further names under which the admin server may be asked, such
	// as that of a proxy (ADMIN_HOSTS separated by commas, admin_hosts); default none.
	AdminHosts []string
	// Services narrows the linked services to these (ORCHESTRATOR_SERVICES); nil
	// means all that are linked.
	Services []string
	// DrainTimeout is how long calls in flight may take when the process stops
	// (drain_timeout); default 10 s, and 0 means not to wait.
	DrainTimeout time.Duration
}

// Settings takes every setting from the environment, else from the file, else
// the default. Values in the file are checked also where the environment wins.
// The error is Problems, each naming the variable or the position; what could be read
// comes with it, for those who look for mistakes of their own. Warnings name settings and variables that nothing reads any more, and what to use.
func (f *File) Settings(env func(string) (string, bool)) (Settings, []Warning, error) {
	r := &settingsReader{file: f, env: env, tree: tree{src: f.src}}
	s := Settings{
		Environment: r.environment(), Namespace: "platform", PreferLocal: true, LogLevel: slog.LevelInfo, MetricsPort: 3030,
		AdminAddress: "127.0.0.1", DrainTimeout: 10 * time.Second,
	}
	s.LogFormat, s.Strict = "text", s.Environment != Production
	if s.Environment == Production {
		s.LogFormat, s.RequireConfig = "json", true
	}
	read(r, "", "ORCHESTRATOR_REQUIRE_CONFIG", parseSwitch, &s.RequireConfig)
	r.transporter(&s.Transporter)
	read(r, "namespace", "ORCHESTRATOR_NAMESPACE", parseNamespace, &s.Namespace)
	read(r, "node_id", "ORCHESTRATOR_NODE_ID", parseNodeID, &s.NodeID)
	read(r, "prefer_local", "", parseSwitch, &s.PreferLocal)
	read(r, "strict", "ORCHESTRATOR_STRICT", parseSwitch, &s.Strict)
	read(r, "log_level", "LOG_LEVEL", parseLevel, &s.LogLevel)
	read(r, "log_format", "LOG_FORMAT", parseFormat, &s.LogFormat)
	read(r, "metrics_port", "METRICS_PORT", parsePort, &s.MetricsPort)
	read(r, "admin_address", "ADMIN_ADDRESS", parseAddress, &s.AdminAddress)
	read(r, "admin_token", "ADMIN_TOKEN", parseToken, &s.AdminToken)
	r.adminHosts(&s.AdminHosts)
	read(r, "drain_timeout", "", parseDuration, &s.DrainTimeout)
	s.Services = r.services()
	return s, f.retired(env), r.tree.problems.Err()
}

// services reads ORCHESTRATOR_SERVICES. Names in it are checked against what is
// linked by the caller, who knows that.
func (r *settingsReader) services() []string {
	value, ok := set(r.env, "ORCHESTRATOR_SERVICES")
	if !ok {
		return nil
	}
	const help = "write names, such as apps,pricing; unset it to run all that are linked"
	if !namesForm.MatchString(value) {
		r.tree.reportAt(Position{}, "bad-name", help, "ORCHESTRATOR_SERVICES is %s, which is no list of names", described(value))
		return nil
	}
	var names []string
	for item := range strings.SplitSeq(value, ",") {
		name := strings.TrimSpace(item)
		if name == "" {
			continue
		}
		if err := CheckName(name); err != nil {
			r.tree.reportAt(Position{}, "bad-name", "", "ORCHESTRATOR_SERVICES: %v", err)
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if names == nil && len(r.tree.problems) == 0 {
		r.tree.reportAt(Position{}, "empty-selection", help, "ORCHESTRATOR_SERVICES is %s, which names no service", strconv.Quote(value))
	}
	return names
}
