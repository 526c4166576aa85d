package appsapi

// WarningCode says for machines what a warning is about, in upper case. A service that
// asks providers has codes of its own beside these, and so may a provider.
type WarningCode string

// The codes of every service that asks providers.
const (
	// InternalError: no provider could be asked. It is the only warning then.
	InternalError WarningCode = "INTERNAL_ERROR"
	// ProviderError: one provider failed; the others' results are there.
	ProviderError WarningCode = "PROVIDER_ERROR"
	// ProviderTimeout: one provider did not answer in time; the others' results are
	// there.
	ProviderTimeout WarningCode = "PROVIDER_TIMEOUT"
)

// Warning is one thing that the caller should know beside a result that is good: what
// is missing from it, or left out of it. It is the warning of every service that asks
// providers.
type Warning struct {
	// Code is for machines.
	Code WarningCode `json:"code"`
	// Provider is the code of the plugin it is about; absent when it is about none.
	Provider string `json:"provider,omitempty"`
	// Subject is what it is about, such as a product's id; may be absent.
	Subject string `json:"subject,omitempty"`
	// Message is one sentence for people.
	Message string `json:"message"`
}
