package apps

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/dispatch"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

func missing(field, message string) bus.FieldError {
	return bus.FieldError{Field: field, Rule: "required", Message: message}
}

func quote(text string) string { return strconv.Quote(text) }

func projectNotFound(id string) error {
	return appsapi.ErrProjectNotFound.Errorf("there is no project %q", id)
}

// notServed names what could have been asked of the slots instead.
func notServed(slots []*slot.Slot, call dispatch.Call) error {
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
func refusal(outcomes []dispatch.Outcome) error {
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
func (s *Service) failure(ctx context.Context, failed *slot.Slot, call dispatch.Call, cause error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := invalidParams(cause); err != nil {
		return err
	}
	w := s.warning(ctx, failed, call, cause)
	if w.Code == appsapi.WarningProviderTimeout {
		return appsapi.ErrProviderTimeout.Errorf("%s", w.Message)
	}
	return appsapi.ErrProviderFailed.Errorf("%s", w.Message)
}

// warning logs the cause, which may hold anything and does not cross, and
// returns what the caller is told.
func (s *Service) warning(ctx context.Context, failed *slot.Slot, call dispatch.Call, cause error) appsapi.Warning {
	operation := string(call.Domain) + "." + call.Operation
	w := appsapi.Warning{
		Code:     appsapi.WarningProviderError,
		Provider: failed.Code(),
		Message:  "the provider " + quote(failed.Code()) + " failed to run " + operation + "; the log of apps has the cause",
	}
	if errors.Is(cause, dispatch.ErrTimeout) {
		w.Code = appsapi.WarningProviderTimeout
		w.Message = "the provider " + quote(failed.Code()) + " did not answer " + operation + " in time"
	}
	attrs := []slog.Attr{
		slog.String("provider", failed.Code()), slog.String("project", failed.Project), slog.String("operation", operation),
		slog.String("code", w.Code), slog.String("request_id", bus.RequestID(ctx)), slog.Any("error", cause),
	}
	var panicked *slot.PanicError
	if errors.As(cause, &panicked) {
		attrs = append(attrs, slog.String("stack", panicked.Stack))
	}
	s.log.LogAttrs(ctx, slog.LevelError, "a provider failed", attrs...)
	return w
}
