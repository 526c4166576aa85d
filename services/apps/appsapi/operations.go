package appsapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
)

// Execute runs an operation of a domain over the providers that a project has
// installed: over one, when the request names it, else over all of them that
// are active and serve the operation, at the same time.
//
// Errors: InvalidArgument with the fields, [ErrProjectNotFound],
// [ErrProviderNotInstalled], [ErrProviderInactive], [ErrOperationNotServed];
// and, only when the request names a provider, [ErrProviderFailed] and
// [ErrProviderTimeout].
var Execute = bus.NewAction[ExecuteRequest, ExecuteResponse]("apps.execute").
	Doc("Run an operation of a domain over the project's providers.").
	Example(ExecuteRequest{ProjectID: "demo", Domain: "pricing", Operation: "list"})

// ExecuteRequest says what to run.
type ExecuteRequest struct {
	// ProjectID is the project whose providers run. Required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project whose providers are to run"`
	// Domain is "delivery", "inventory", "payments" or "pricing". Required.
	Domain string `json:"domain" schema:"enum=delivery|inventory|payments|pricing"`
	// Operation is its name in the domain, such as "list". Required.
	Operation string `json:"operation" schema:"required" doc:"the operation to run, such as list"`
	// Provider is the code of the only plugin to run; empty runs all.
	Provider string `json:"provider,omitempty"`
	// Params is a JSON object, as the operation declares it; may be empty.
	Params json.RawMessage `json:"params,omitempty"`
}

// ExecuteResponse has what the providers gave.
type ExecuteResponse struct {
	// Data is the results of all providers as one list, each as the operation
	// declares it. Empty, not null, when there are none.
	Data []plugin.Item `json:"data"`
	// Warnings says what is missing from Data and why.
	Warnings []Warning `json:"warnings,omitempty"`
}

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

// Providers is one service's road to the providers of all projects. It is made once,
// because the policies bound to it remember.
type Providers struct {
	bus      *bus.Bus
	log      *slog.Logger
	notFound *bus.Declared
	execute  *bus.Action[ExecuteRequest, ExecuteResponse]
}

// NewProviders makes the road of the service whose view b is. log gets a line when nobody
// could be asked. notFound is the service's own error for a project that does not exist:
// its callers need not know apps. Of the policies every service has a [bus.Timeout],
// shorter than its callers' patience, or they see a deadline instead of a warning.
func NewProviders(b *bus.Bus, log *slog.Logger, notFound *bus.Declared, policies ...bus.Policy) *Providers {
	return &Providers{bus: b, log: log, notFound: notFound, execute: Execute.With(policies...)}
}

// Answer is what the providers of a project gave.
type Answer[Out any] struct {
	// Items are the results in the order of the providers' priority, then of their
	// codes, then of the provider itself. Never nil.
	Items []Out
	// Warnings say what is missing from the items. Never nil.
	Warnings []Warning
	// Asked is false when nobody could be asked: there are no items then, and one
	// warning, [InternalError].
	Asked bool
	// Complete is false when a provider failed, so that what is not among the items may
	// exist all the same.
	Complete bool
}

// Ask runs an operation over all providers of a project, once. It fails when the project
// does not exist, with the error that the road was made with, and when the caller itself
// gave up, with the error of ctx. Any other trouble is an answer without items and a
// warning: a shop that shows less is better than one that is down.
func Ask[In, Out any](ctx context.Context, to *Providers, operation plugin.Operation[In, Out], project string, query In) (Answer[Out], error) {
	answer, err := ask(ctx, to, operation, project, query)
	late := gaveUp(ctx)
	switch {
	case err == nil:
		return answer, nil
	case late != nil:
		return Answer[Out]{}, late
	case errors.Is(err, ErrProjectNotFound):
		return Answer[Out]{}, to.notFound.Errorf("there is no project %q", project)
	}
	to.log.WarnContext(ctx, "providers could not be asked for "+operation.What(),
		"project", project, "request_id", bus.RequestID(ctx), "error", err)
	return Answer[Out]{Items: []Out{}, Warnings: []Warning{{
		Code: InternalError, Message: "The " + operation.What() + " are not available at the moment.",
	}}}, nil
}

// gaveUp is why the caller itself waits no longer. A deadline that has just passed may not
// have ended ctx yet, and is no reason to answer without providers.
func gaveUp(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// ask is the round itself.
func ask[In, Out any](ctx context.Context, to *Providers, operation plugin.Operation[In, Out], project string, query In) (Answer[Out], error) {
	params, err := operation.Params(query)
	if err != nil {
		return Answer[Out]{}, err
	}
	res, err := to.execute.Call(ctx, to.bus, ExecuteRequest{
		ProjectID: project, Domain: string(operation.Domain()), Operation: operation.Name(), Params: params,
	})
	if err != nil {
		return Answer[Out]{}, err
	}
	items, err := operation.Results(res.Data)
	if err != nil {
		return Answer[Out]{}, err
	}
	answer := Answer[Out]{Items: items, Warnings: res.Warnings, Asked: true, Complete: true}
	if answer.Warnings == nil {
		answer.Warnings = []Warning{}
	}
	for _, w := range answer.Warnings {
		answer.Complete = answer.Complete && w.Code != ProviderError && w.Code != ProviderTimeout
	}
	return answer, nil
}
