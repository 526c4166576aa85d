package deliveryapi

// WarningCode says for machines what a warning is about. Providers have codes
// of their own beside these.
type WarningCode string

// The codes this service gives, and those it passes on from apps.
const (
	// InternalError: no provider could be asked.
	InternalError WarningCode = "INTERNAL_ERROR"
	// ProviderError: one provider failed; the others' methods are there.
	ProviderError WarningCode = "PROVIDER_ERROR"
	// ProviderTimeout: one provider did not answer in time; the others' methods
	// are there.
	ProviderTimeout WarningCode = "PROVIDER_TIMEOUT"
)

// Warning tells what is missing from a result.
type Warning struct {
	// Code is for machines.
	Code WarningCode `json:"code"`
	// Message is one sentence for people.
	Message string `json:"message"`
	// Provider is the plugin it is about; absent when it is about none.
	Provider string `json:"provider,omitempty"`
	// Subject is what a provider's own warning is about; may be absent.
	Subject string `json:"subject,omitempty"`
}
