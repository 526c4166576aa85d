package apps

import (
	"context"

	"github.com/shopanaio/orchestrator/plugin"
	"github.com/shopanaio/orchestrator/services/apps/appsapi"
)

func (s *Service) listApps(context.Context, appsapi.ListAppsRequest) (appsapi.ListAppsResponse, error) {
	res := appsapi.ListAppsResponse{Apps: make([]appsapi.App, 0, len(s.linked))}
	for _, p := range s.linked {
		res.Apps = append(res.Apps, describe(p.Manifest))
	}
	return res, nil
}

func describe(m plugin.Manifest) appsapi.App {
	domains := make([]string, 0, len(m.Domains))
	for _, d := range m.Domains {
		domains = append(domains, string(d))
	}
	return appsapi.App{
		Code: m.Code, Name: m.DisplayName, Description: m.Description, Version: m.Version,
		Domains: domains, Priority: m.Priority, Compatible: m.Compatible(),
	}
}
