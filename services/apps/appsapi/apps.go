package appsapi

import "github.com/shopanaio/orchestrator/bus"

// ListApps lists the plugins that are linked into this binary, in the order of
// their results.
var ListApps = bus.NewAction[ListAppsRequest, ListAppsResponse]("apps.listApps", bus.Idempotent()).
	Doc("List the plugins that can be installed.").
	Example(ListAppsRequest{})

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
	// Compatible says whether it was written for this version of the provider
	// SDK; one that was not cannot be installed.
	Compatible bool `json:"compatible"`
}
