package appsapi

import (
	"encoding/json"

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

// ListApps lists the plugins that are linked into this binary, in the order of
// their results.
var ListApps = bus.NewAction[ListAppsRequest, ListAppsResponse]("apps.listApps", bus.Idempotent()).
	Doc("List the plugins that can be installed.").
	Example(ListAppsRequest{})

// ListInstalledApps lists what a project has installed, one entry for each
// domain of each plugin, in the order of their results.
//
// Errors: InvalidArgument with the fields, [ErrProjectNotFound].
var ListInstalledApps = bus.NewAction[ListInstalledAppsRequest, ListInstalledAppsResponse]("apps.listInstalledApps", bus.Idempotent()).
	Doc("List the plugins a project has installed, with their settings.").
	Example(ListInstalledAppsRequest{ProjectID: "demo"})

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

// ListAppsRequest asks for every linked plugin.
type ListAppsRequest struct{}

// ListAppsResponse has the linked plugins.
type ListAppsResponse struct {
	Apps []App `json:"apps"`
}

// App is a plugin that is linked into this binary.
type App struct {
	// Code identifies the plugin.
	Code string `json:"code"`
	// Name is what people read.
	Name string `json:"name"`
	// Description is one sentence on what it offers; may be empty.
	Description string `json:"description,omitempty"`
	// Version is the plugin's semantic version.
	Version string `json:"version"`
	// Domains is what it serves.
	Domains []string `json:"domains"`
	// Priority orders results, lower first.
	Priority int `json:"priority"`
	// Compatible tells whether it was written for this version of the provider
	// SDK; one that was not cannot be installed.
	Compatible bool `json:"compatible"`
}

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
