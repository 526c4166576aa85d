package admin

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// ServerName is the value of the Server header of every answer; a client knows by it that it talks to an orchestrator.
const ServerName = "orchestrator"

// Readiness is what the process says of itself; it is the body of /readyz.
type Readiness struct {
	Ready    bool           `json:"ready"`    // takes calls
	Services []ServiceState `json:"services"` // in the order they start
	// WaitingFor says in words what keeps the process from being ready; empty when nothing does.
	WaitingFor []string `json:"waiting_for,omitempty"`
}

// ServiceState is a service and the state it is in.
type ServiceState struct {
	Service string `json:"service"`
	State   string `json:"state"` // New, Starting, Running, Stopping, Terminated or Failed
}

// Health is the body of /healthz.
type Health struct {
	Status   string         `json:"status"`  // "ready" or "not ready"
	Variant  string         `json:"variant"` // "unknown" when the manifest does not say
	Uptime   float64        `json:"uptime_seconds"`
	Services []ServiceState `json:"services"`
	// WaitingFor is that of Readiness.
	WaitingFor []string `json:"waiting_for,omitempty"`
}

func (s *Server) livez(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n")
}

func (s *Server) readyz(w http.ResponseWriter, _ *http.Request) {
	ready := s.readiness()
	status := http.StatusOK
	if !ready.Ready {
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, ready)
}

// healthz answers 200 whatever the readiness: who restarts a process because it is draining loses the calls in flight.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	ready := s.readiness()
	health := Health{Status: "ready", Variant: s.variant, Uptime: time.Since(s.begun).Seconds(), Services: ready.Services, WaitingFor: ready.WaitingFor}
	if !ready.Ready {
		health.Status = "not ready"
	}
	writeJSON(w, http.StatusOK, health)
}

// readiness lists no services as [], which scripts can iterate over, instead of null.
func (s *Server) readiness() Readiness {
	ready := s.options.Ready()
	if ready.Services == nil {
		ready.Services = []ServiceState{}
	}
	return ready
}

// variantOf reads the variant's name out of a manifest; the rest of it is none of this package's business.
func variantOf(manifest []byte) string {
	var m struct {
		Variant string `json:"variant"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil || m.Variant == "" {
		return "unknown"
	}
	return m.Variant
}
