package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
)

// callError turns an answer that is not the response of the action into an error: what the bus said, or what kept the call from it.
func (d *door) callError(a answer) error {
	if strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		var e bus.Error
		if json.Unmarshal(a.body, &e) == nil && e.Code != bus.OK {
			return bus.Remote(&e)
		}
	}
	if a.status == http.StatusNotFound {
		return fmt.Errorf("the process at %s takes no calls from its admin server: that exists in development only (NODE_ENV=development)", d.base)
	}
	return d.refusal(a)
}

// refusal passes the sentence on with which the server turned the request away.
func (d *door) refusal(a answer) error {
	said := strings.TrimSpace(string(a.body))
	if said == "" || len(said) > 1000 {
		said = http.StatusText(a.status)
	}
	return fmt.Errorf("the process at %s refused (%d): %s", d.base, a.status, said)
}
