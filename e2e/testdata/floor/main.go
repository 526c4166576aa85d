// Command floor links what every variant needs before there is any code of this
// repository: an HTTP server with profiles, metrics, fx, a YAML parser and slog.
// Its size is the least that a variant can have.
package main

import (
	"log/slog"
	"net/http"
	"net/http/pprof"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/fx"
	"gopkg.in/yaml.v3"
)

func main() {
	var node yaml.Node
	err := yaml.Unmarshal([]byte(os.Args[0]), &node)
	slog.Info("read", "error", err)
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	http.HandleFunc("/debug/pprof/", pprof.Index)
	app := fx.New(fx.NopLogger, fx.Invoke(func(lc fx.Lifecycle) {
		lc.Append(fx.StartHook(func() { slog.Error("stopped", "error", http.ListenAndServe("127.0.0.1:0", nil)) }))
	}))
	app.Run()
}
