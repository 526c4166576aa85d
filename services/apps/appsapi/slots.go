package appsapi

import (
	"encoding/json"

	"github.com/shopanaio/orchestrator/bus"
)

// ListInstalledApps lists what a project has installed, one entry for each
// domain of each plugin, in the order of their results.
//
// Errors: InvalidArgument with the fields, [ErrProjectNotFound].
var ListInstalledApps = bus.NewAction[ListInstalledAppsRequest, ListInstalledAppsResponse]("apps.listInstalledApps", bus.Idempotent()).
	Doc("List the plugins a project has installed, with their settings.").
	Example(ListInstalledAppsRequest{ProjectID: "demo"})

// ListInstalledAppsRequest names the project.
type ListInstalledAppsRequest struct {
	// ProjectID is the project. Required.
	ProjectID string `json:"projectId" schema:"required" doc:"the project whose installations are listed"`
}

// ListInstalledAppsResponse has what the project has installed.
type ListInstalledAppsResponse struct {
	Apps []InstalledApp `json:"apps"`
}

// InstalledApp is one domain of one installed plugin.
type InstalledApp struct {
	// Code identifies the plugin.
	Code string `json:"code"`
	// Domain is what it serves here.
	Domain string `json:"domain"`
	// Status is "active", "inactive", "maintenance" or "deprecated"; only an
	// active one runs.
	Status string `json:"status"`
	// Settings is the plugin's configuration with its defaults, a JSON object;
	// secrets are shown as "[REDACTED]".
	Settings json.RawMessage `json:"settings"`
}
