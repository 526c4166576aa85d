package service

import (
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// Changed tells the services of this process that one of them has entered another
// state. It never leaves the process.
var Changed = bus.NewEvent[Change]("orchestrator.serviceChanged", bus.Local()).
	Doc("A service of this process has entered another state.").
	Example(Change{Service: "pricing", State: "Running"})

// Change is what Changed tells.
type Change struct {
	Service string    `json:"service"`
	State   string    `json:"state"` // Starting, Running, Stopping, Terminated, Failed
	Since   time.Time `json:"since"`
	Error   string    `json:"error,omitempty"` // why the state is Failed
}
