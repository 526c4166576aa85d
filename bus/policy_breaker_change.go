package bus

import (
	"github.com/shopanaio/orchestrator/bus/internal/breaker"
)

// BreakerChanged tells the services of this process that a circuit breaker has entered
// another state. It never leaves the process.
var BreakerChanged = newOwn[BreakerChange]("bus.breakerChanged").
	Doc("A circuit breaker has entered another state.").
	Example(BreakerChange{Service: "pricing", Action: "pricing.evaluateDiscounts", Caller: "checkout", State: "open", Code: "unavailable", Number: 1})

// BreakerChange is the payload of BreakerChanged. Changes that follow each other closely
// may come in another order: the one with the highest number is the last.
type BreakerChange struct {
	Service string `json:"service"` // who serves the action
	Action  string `json:"action"`
	Caller  string `json:"caller"`         // whose call changed it
	State   string `json:"state"`          // closed, half-open, open
	Code    string `json:"code,omitempty"` // of the error that opened it
	Number  uint64 `json:"number"`         // of the change, from 1
}

// announce says that the breaker has begun a phase, with the error that opened it.
func (t *trip) announce(begun breaker.Phase, err error) {
	c := BreakerChange{
		Service: t.edge.seat.service, Action: t.edge.seat.name, Caller: t.edge.caller, State: BreakerState(begun.State()).String(),
		Number: begun.Number(),
	}
	if err != nil {
		c.Code = CodeOf(err).String()
	}
	announce(t.edge.node, BreakerChanged, c)
}
