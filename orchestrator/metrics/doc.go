// Package metrics shows a process to Prometheus.
//
// The bus keeps its own counters, because updating Prometheus' on every call would cost several times as much as the call.
// [NewBus], [NewEvents] and [NewPolicies] read them when a scrape asks and not before. What belongs to the process rather
// than to its calls comes from [NewBuildInfo], [NewServices], [NewDroppedLines] and [NewSelectionStale]; [NewRegistry] begins with the Go runtime's and the operating system's figures.
//
// # What a scrape may rely on
//
//   - For every action and side, bus_requests_total summed over code equals the count of bus_request_duration_seconds, also while calls run.
//   - A call between two processes is counted by both, under side="client" and side="server"; within one it is side="local".
//   - Counters and buckets never go back while the process lives.
//   - Labels take their values from contracts and services, never from requests, so their number is bounded by the code.
//
// docs/operations.md lists every name with its meaning and unit.
package metrics
