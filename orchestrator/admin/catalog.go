package admin

import (
	"net/http"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// Call is a call in flight, as /debug/calls lists it.
type Call struct {
	Action    string    `json:"action"`
	Caller    string    `json:"caller"`
	RequestID string    `json:"request_id"`
	Start     time.Time `json:"start"`
	Age       float64   `json:"age_seconds"`
}

// manifest shows the embedded manifest byte for byte, so that it can be compared with a file.
func (s *Server) manifest(w http.ResponseWriter, _ *http.Request) {
	if len(s.options.ManifestJSON) == 0 {
		http.Error(w, "this binary carries no manifest", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.options.ManifestJSON)
}

func (s *Server) calls(w http.ResponseWriter, _ *http.Request) {
	calls := []Call{}
	for _, c := range s.options.Node.InFlight() {
		calls = append(calls, Call{Action: c.Action, Caller: c.Caller, RequestID: c.RequestID, Start: c.Start, Age: c.Age.Seconds()})
	}
	writeJSON(w, http.StatusOK, calls)
}

// Nodes is what /debug/nodes answers.
type Nodes struct {
	Node  bus.Peer   `json:"node"`  // this one
	Peers []bus.Peer `json:"peers"` // the others in reach, by id
}

func (s *Server) nodes(w http.ResponseWriter, _ *http.Request) {
	n := s.options.Node
	writeJSON(w, http.StatusOK, Nodes{Node: n.Self(), Peers: append([]bus.Peer{}, n.Peers()...)})
}

func (s *Server) actions(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.options.Node.Actions())
}
