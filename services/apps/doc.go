// Package apps is the service that keeps which providers (plugins) each project
// has installed, and runs them for everybody else.
package apps
