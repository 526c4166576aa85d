package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/shopanaio/orchestrator/bus"
)

// writeJSON answers with v, indented for the eyes of a person with curl.
func writeJSON(w http.ResponseWriter, status int, v any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		http.Error(w, "the answer is no JSON: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
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
