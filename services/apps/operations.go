package apps

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/operation"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

func (s *Service) execute(ctx context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	project, ok := s.directory.Project(req.ProjectID)
	if !ok {
		return appsapi.ExecuteResponse{}, projectNotFound(req.ProjectID)
	}
	call := operation.Call{Domain: plugin.Domain(req.Domain), Operation: req.Operation, Params: req.Params}
	if req.Provider != "" {
		return s.executeOne(ctx, project, req.Provider, call)
	}
	return s.executeAll(ctx, project, call)
}

func (s *Service) executeOne(ctx context.Context, project slot.Project, code string, call operation.Call) (appsapi.ExecuteResponse, error) {
	found, ok := project.Find(code, call.Domain)
	switch {
	case !ok:
		return appsapi.ExecuteResponse{}, appsapi.ErrProviderNotInstalled.Errorf(
			"the provider %q is not installed for the domain %q; installed for it are: %s", code, call.Domain, list(project.Codes(call.Domain)))
	case found.Status != slot.Active:
		return appsapi.ExecuteResponse{}, appsapi.ErrProviderInactive.Errorf(
			"the provider %q is installed for the domain %q, but its status is %s", code, call.Domain, found.Status)
	case !found.Serves(call.Domain, call.Operation):
		return appsapi.ExecuteResponse{}, notServed([]*slot.Slot{found}, call)
	}
	outcome := s.dispatcher.Run(ctx, []*slot.Slot{found}, call)[0]
	if outcome.Err != nil {
		return appsapi.ExecuteResponse{}, s.failure(ctx, found, call, outcome.Err)
	}
	return collect([]*slot.Slot{found}, []operation.Outcome{outcome}), nil
}

func (s *Service) executeAll(ctx context.Context, project slot.Project, call operation.Call) (appsapi.ExecuteResponse, error) {
	active := project.Active(call.Domain)
	serving := slices.DeleteFunc(slices.Clone(active), func(candidate *slot.Slot) bool {
		return !candidate.Serves(call.Domain, call.Operation)
	})
	if len(serving) == 0 && len(active) > 0 {
		return appsapi.ExecuteResponse{}, notServed(active, call)
	}
	outcomes := s.dispatcher.Run(ctx, serving, call)
	if err := ctx.Err(); err != nil {
		return appsapi.ExecuteResponse{}, err
	}
	if err := refusal(outcomes); err != nil {
		return appsapi.ExecuteResponse{}, err
	}
	res := collect(serving, outcomes)
	for i, outcome := range outcomes {
		if outcome.Err != nil {
			res.Warnings = append(res.Warnings, s.warning(ctx, serving[i], call, outcome.Err))
		}
	}
	return res, nil
}

// collect joins what the providers gave, in the order of the slots.
func collect(slots []*slot.Slot, outcomes []operation.Outcome) appsapi.ExecuteResponse {
	res := appsapi.ExecuteResponse{Data: []plugin.Item{}}
	for i, outcome := range outcomes {
		res.Data = append(res.Data, outcome.Reply.Data...)
		for _, w := range outcome.Reply.Warnings {
			res.Warnings = append(res.Warnings, appsapi.Warning{
				Code: appsapi.WarningCode(w.Code), Provider: slots[i].Code(), Subject: w.Subject, Message: w.Message})
		}
	}
	return res
}

func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func quote(text string) string { return strconv.Quote(text) }

// notServed names what could have been asked of the slots instead.
func notServed(slots []*slot.Slot, call operation.Call) error {
	var served []string
	for _, s := range slots {
		served = append(served, s.Operations(call.Domain)...)
	}
	slices.Sort(served)
	return appsapi.ErrOperationNotServed.Errorf("no provider asked serves the operation %q in the domain %q; they serve: %s",
		call.Operation, call.Domain, list(slices.Compact(served)))
}

// refusal is the error of params that a provider refused: they are the caller's
// mistake, and the same for every provider, so there is no result to save.
func refusal(outcomes []operation.Outcome) error {
	for _, outcome := range outcomes {
		if err := invalidParams(outcome.Err); err != nil {
			return err
		}
	}
	return nil
}

// invalidParams returns nil when err is about something else.
func invalidParams(err error) error {
	var invalid *plugin.InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	fields := make([]bus.FieldError, len(invalid.Fields))
	for i, field := range invalid.Fields {
		path := "params"
		if field.Field != "" {
			path += "." + field.Field
		}
		fields[i] = bus.FieldError{Field: path, Rule: field.Rule, Message: field.Message}
	}
	return bus.Invalid(fields...)
}

// failure is the error of a call that names its provider.
func (s *Service) failure(ctx context.Context, failed *slot.Slot, call operation.Call, cause error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := invalidParams(cause); err != nil {
		return err
	}
	w := s.warning(ctx, failed, call, cause)
	if w.Code == appsapi.ProviderTimeout {
		return appsapi.ErrProviderTimeout.Errorf("%s", w.Message)
	}
	return appsapi.ErrProviderFailed.Errorf("%s", w.Message)
}

// warning logs the cause, which may hold anything and does not cross, and
// returns what the caller gets to know.
func (s *Service) warning(ctx context.Context, failed *slot.Slot, call operation.Call, cause error) appsapi.Warning {
	run := string(call.Domain) + "." + call.Operation
	w := appsapi.Warning{
		Code:     appsapi.ProviderError,
		Provider: failed.Code(),
		Message:  "the provider " + quote(failed.Code()) + " failed to run " + run + "; the log of apps has the cause",
	}
	if errors.Is(cause, operation.ErrTimeout) {
		w.Code = appsapi.ProviderTimeout
		w.Message = "the provider " + quote(failed.Code()) + " did not answer " + run + " in time"
	}
	attrs := []slog.Attr{
		slog.String("provider", failed.Code()), slog.String("project", failed.Project), slog.String("operation", run),
		slog.String("code", string(w.Code)), slog.String("request_id", bus.RequestID(ctx)), slog.Any("error", cause),
	}
	if panicked, ok := errors.AsType[*slot.PanicError](cause); ok {
		attrs = append(attrs, panicked.Trace.Attrs()...)
	}
	s.log.LogAttrs(ctx, slog.LevelError, "a provider failed", attrs...)
	return w
}
