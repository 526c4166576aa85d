package apps

import (
	"context"

	"github.com/shopanaio/orchestrator/bus"
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

func (s *Service) listInstalledApps(_ context.Context, req appsapi.ListInstalledAppsRequest) (appsapi.ListInstalledAppsResponse, error) {
	if req.ProjectID == "" {
		return appsapi.ListInstalledAppsResponse{}, bus.Invalid(missing("projectId", "must name the project"))
	}
	project, ok := s.directory.Project(req.ProjectID)
	if !ok {
		return appsapi.ListInstalledAppsResponse{}, projectNotFound(req.ProjectID)
	}
	res := appsapi.ListInstalledAppsResponse{Apps: []appsapi.InstalledApp{}}
	for _, installed := range project {
		for _, domain := range installed.Manifest.Domains {
			res.Apps = append(res.Apps, appsapi.InstalledApp{
				Code: installed.Code(), Domain: string(domain),
				Status: string(installed.Status), Settings: installed.Settings,
			})
		}
	}
	return res, nil
}
