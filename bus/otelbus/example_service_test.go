package otelbus_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"go.opentelemetry.io/otel"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/bus/otelbus"
	"github.com/shopanaio/orchestrator/config/manifest"
	"github.com/shopanaio/orchestrator/orchestrator"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
	"github.com/shopanaio/orchestrator/orchestrator/service"
)

// Tracing is a service without actions, services/tracing: a variant that selects it
// is traced. It owns the exporter.
type Tracing struct{ provider *sdk.TracerProvider }

// NewTracing makes it. Settings, such as the collector's address, would come as
// those of any service do.
func NewTracing(struct{}) (*Tracing, error) { return &Tracing{}, nil }

// Start gives OpenTelemetry the provider: what it samples, and where that goes.
func (t *Tracing) Start(context.Context) error {
	t.provider = sdk.NewTracerProvider(
		sdk.WithBatcher(newExporter()), // for instance otlptracehttp.New
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(share))),
	)
	otel.SetTracerProvider(t.provider)
	return nil
}

// Stop sends what is still here.
func (t *Tracing) Stop(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Module is its module.go.
var Module = service.Module[*Tracing]("tracing", NewTracing,
	service.Observe(otelbus.Observer(otel.GetTracerProvider())), // that of Start, from then on
	service.Propagate(otelbus.Propagator{}),
)

// In a process a service brings the observer, and config.yml selects the service.
func Example_service() {
	signals := make(chan os.Signal, 1)
	code := orchestrator.Run(context.Background(), program(hello, Module), orchestrator.Options{
		Args: []string{}, Env: anyPort,
		Dir: os.TempDir(), RunDir: os.TempDir(), Stdout: io.Discard, Stderr: io.Discard, Signals: signals,
		Ready: func(url string) {
			answer, err := client.Call(context.Background(), url, "hello.greet", []byte(`"world"`), client.Options{})
			fmt.Println(strings.TrimSpace(string(answer)), err)
			signals <- syscall.SIGTERM
		},
	})
	fmt.Println("exit code", code)
	// Output:
	// "Hello, world" <nil>
	// span hello.greet called by admin
	// exit code 0
}

// anyPort is an environment in which the admin server takes a free port.
func anyPort(name string) (string, bool) {
	if name == "METRICS_PORT" {
		return "0", true
	}
	return "", false
}

// share of the traces that are recorded: all of them, for the example's sake.
const share = 1

// newExporter makes what sends spans away; this one prints them.
func newExporter() sdk.SpanExporter { return printer{} }

type printer struct{}

// ExportSpans prints a line for each.
func (printer) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	for _, s := range spans {
		for _, a := range s.Attributes() {
			if a.Key == "orchestrator.caller" {
				fmt.Println("span", s.Name(), "called by", a.Value.AsString())
			}
		}
	}
	return nil
}

// Shutdown has nothing to do.
func (printer) Shutdown(context.Context) error { return nil }

var hello = service.Module[struct{}]("hello", func(p struct{ Bus *bus.Bus }) (struct{}, error) {
	greet.Handle(p.Bus, func(_ context.Context, name string) (string, error) { return "Hello, " + name, nil })
	return struct{}{}, nil
})

// program is what tools/gen writes for a variant.
func program(services ...service.Definition) orchestrator.Binary {
	m := manifest.Manifest{Variant: "traced", Transports: []string{"memory"}}
	m.Selection = manifest.Selection{Variant: "traced", Transports: m.Transports}
	for _, d := range services {
		m.Services = append(m.Services, manifest.Service{Name: d.Name, Import: "example.com/shop/services/" + d.Name})
		m.Selection.Services = append(m.Selection.Services, d.Name)
	}
	m.Config = m.Selection.Digest()
	data, err := manifest.Marshal(m)
	if err != nil {
		panic(err)
	}
	return orchestrator.Binary{Manifest: data, Services: services, Transports: orchestrator.Transports(membus.Transport)}
}
