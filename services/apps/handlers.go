package apps

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
	"github.com/shopanaio/orchestrator/services/apps/internal/dispatch"
	"github.com/shopanaio/orchestrator/services/apps/internal/slot"
)

func (s *Service) execute(ctx context.Context, req appsapi.ExecuteRequest) (appsapi.ExecuteResponse, error) {
	if err := checkExecute(req); err != nil {
		return appsapi.ExecuteResponse{}, err
	}
	project, ok := s.directory.Project(req.ProjectID)
	if !ok {
		return appsapi.ExecuteResponse{}, projectNotFound(req.ProjectID)
	}
	call := dispatch.Call{Domain: plugin.Domain(req.Domain), Operation: req.Operation, Params: req.Params}
	if req.Provider != "" {
		return s.executeOne(ctx, project, req.Provider, call)
	}
	return s.executeAll(ctx, project, call)
}

func checkExecute(req appsapi.ExecuteRequest) error {
	var mistakes []bus.FieldError
	if req.ProjectID == "" {
		mistakes = append(mistakes, missing("projectId", "must name the project whose providers are to run"))
	}
	if !plugin.Domain(req.Domain).Valid() {
		mistakes = append(mistakes, bus.FieldError{
			Field: "domain", Rule: "enum", Message: "must be one of " + plugin.DomainList() + ", not " + quote(req.Domain)})
	}
	if req.Operation == "" {
		mistakes = append(mistakes, missing("operation", "must name the operation to run, such as list"))
	}
	if len(mistakes) > 0 {
		return bus.Invalid(mistakes...)
	}
	return nil
}

func (s *Service) executeOne(ctx context.Context, project slot.Project, code string, call dispatch.Call) (appsapi.ExecuteResponse, error) {
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
	return collect([]*slot.Slot{found}, []dispatch.Outcome{outcome}), nil
}

func (s *Service) executeAll(ctx context.Context, project slot.Project, call dispatch.Call) (appsapi.ExecuteResponse, error) {
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
func collect(slots []*slot.Slot, outcomes []dispatch.Outcome) appsapi.ExecuteResponse {
	res := appsapi.ExecuteResponse{Data: []json.RawMessage{}}
	for i, outcome := range outcomes {
		res.Data = append(res.Data, outcome.Reply.Data...)
		for _, w := range outcome.Reply.Warnings {
			res.Warnings = append(res.Warnings, appsapi.Warning{
				Code: w.Code, Provider: slots[i].Code(), Subject: w.Subject, Message: w.Message})
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
