// Package slot keeps which plugins each project has installed, and the provider
// of each.
package slot
