package metrics

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/shopanaio/orchestrator/bus"
)

// twoHundredEdges are ten services with five actions each, every one called by four others.
func twoHundredEdges() *counters {
	source := &counters{}
	for action := range 50 {
		for caller := range 4 {
			e := edge(fmt.Sprintf("caller%d", caller), fmt.Sprintf("service%d.action%d", action/5, action), map[bus.Code]uint64{bus.OK: 7, bus.Internal: 1})
			e.Duration.Buckets = nil
			for i := range 24 {
				e.Duration.Buckets = append(e.Duration.Buckets, bus.Bucket{UpperBound: float64(uint64(1)<<(10+i)) / 1e9, Count: 8})
			}
			source.edges = append(source.edges, e)
		}
	}
	return source
}

// BenchmarkScrape is a whole answer to Prometheus, text and all.
func BenchmarkScrape(b *testing.B) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(NewBus(twoHundredEdges(), Identity{Namespace: "platform", Node: "n1"}))
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true})
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		size = answer.Body.Len()
	}
	b.ReportMetric(float64(size), "B/scrape")
}

// BenchmarkCollect is the part of it that is ours.
func BenchmarkCollect(b *testing.B) {
	collector := NewBus(twoHundredEdges(), Identity{Namespace: "platform", Node: "n1"})
	out := make(chan prometheus.Metric, 1024)
	b.ReportAllocs()
	for b.Loop() {
		collector.Collect(out)
		for range len(out) {
			<-out
		}
	}
}
