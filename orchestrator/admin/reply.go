package admin

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/shopanaio/orchestrator/bus"
)

// writeJSON answers with v, indented for the eyes of a person with curl.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(v) // the client went away; there is nobody to tell
}

// writeError answers with the error of a call, a *bus.Error as JSON under the HTTP status of its code.
func writeError(w http.ResponseWriter, err error) {
	var e *bus.Error
	if !errors.As(err, &e) {
		e = bus.Errorf(bus.CodeOf(err), "%w", err)
	}
	body := struct {
		*bus.Error

		Retryable bool `json:"retryable"` // said also when false, which the embedded field would leave out
	}{e, e.Retryable}
	writeJSON(w, e.Code.HTTPStatus(), body)
}
