package bus

// BreakerChanged tells the services of this process that a circuit breaker has entered
// another state. It never leaves the process.
var BreakerChanged = NewEvent[BreakerChange]("bus.breakerChanged", Local()).
	Doc("A circuit breaker has entered another state.").
	Example(BreakerChange{Service: "pricing", Action: "pricing.evaluateDiscounts", Caller: "checkout", State: "open", Code: "unavailable"})

// BreakerChange is what BreakerChanged tells.
type BreakerChange struct {
	Service string `json:"service"` // who serves the action
	Action  string `json:"action"`
	Caller  string `json:"caller"` // whose call changed it
	State   string `json:"state"`  // closed, half-open, open
	Code    string `json:"code,omitempty"`
}

// tell tells who listens that the breaker has changed, with the error that opened it.
func (t *trip) tell(s BreakerState, err error) {
	c := BreakerChange{
		Service: t.edge.slot.service, Action: t.edge.slot.name, Caller: t.edge.caller, State: s.String(),
	}
	if err != nil {
		c.Code = CodeOf(err).String()
	}
	announce(t.edge.node, BreakerChanged, c)
}
