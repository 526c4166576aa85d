package render

import (
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/tools/gen/internal/layout"
	"github.com/shopanaio/orchestrator/tools/gen/internal/resolve"
)

// Manifest is the record of a selection.
func Manifest(root layout.Root, s resolve.Selection) manifest.Manifest {
	asked := s.Variant.Selection()
	m := manifest.Manifest{
		Format: manifest.Format, Variant: s.Variant.Name,
		Remote: s.Remote, Config: asked.Digest(), Selection: asked,
	}
	// Not with the flags of this run, which say nothing of the tree.
	if mend := layout.NewRoot(root.Module, root.Package).Regenerate(); mend != manifest.Regenerate {
		m.Regenerate = mend
	}
	for _, service := range s.Services {
		m.Services = append(m.Services, service.Service)
	}
	for _, p := range s.Plugins {
		m.Plugins = append(m.Plugins, manifest.Plugin{
			Code: p.Code, Import: pluginImport(root, p), Domains: p.Domains,
		})
	}
	for _, t := range s.Transports {
		m.Transports = append(m.Transports, t.Name)
	}
	return m
}
