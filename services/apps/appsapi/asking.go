package appsapi

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
)

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
