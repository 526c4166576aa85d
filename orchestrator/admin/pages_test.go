package admin

import (
	"compress/gzip"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
)

// Proves: R16.
func TestMetrics(t *testing.T) {
	r := start(t, nil)
	r.ask(t, "POST", "/debug/call/fixture.greet", `{"name":"Ada"}`)
	got := r.ask(t, "GET", "/metrics", "")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Errorf("%d %s", got.status, got.header.Get("Content-Type"))
	}
	for _, want := range []string{
		`bus_requests_total{action="fixture.greet",code="ok",namespace="platform",node="n1",service="fixture",side="local"} 1`,
		`bus_edge_requests_total{action="fixture.greet",caller="admin",namespace="platform",node="n1",service="fixture",side="local"} 1`,
		"\ngo_goroutines ",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// Proves: R16 (gzip).
func TestMetricsCompressed(t *testing.T) {
	got := start(t, nil).ask(t, "GET", "/metrics", "", "Accept-Encoding", "gzip")
	if got.header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("Content-Encoding is %q", got.header.Get("Content-Encoding"))
	}
	unpacked, err := gzip.NewReader(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil || !strings.Contains(string(text), "go_info{") {
		t.Errorf("no metrics inside: %v", err)
	}
}

// Proves: R21 (the endpoints; when the process is ready is the orchestrator's to say).
func TestProbes(t *testing.T) {
	now := Readiness{WaitingFor: []string{"pricing (Starting)"}, Services: []ServiceState{{"apps", "Running"}, {"pricing", "Starting"}}}
	r := start(t, func(o *Options) {
		o.Ready = func() Readiness { return now }
		o.ManifestJSON = []byte(`{"format":1,"variant":"dev"}`)
	})
	for _, ready := range []bool{false, true, false} { // starting, running, draining
		now.Ready = ready
		status, word := http.StatusServiceUnavailable, "not ready"
		if ready {
			status, word = http.StatusOK, "ready"
		}
		if got := r.ask(t, "GET", "/livez", ""); got.status != http.StatusOK || got.body != "ok\n" {
			t.Errorf("ready=%v: /livez says %d %q", ready, got.status, got.body)
		}
		got := r.ask(t, "GET", "/readyz", "")
		if got.status != status || !reflect.DeepEqual(decode[Readiness](t, got), now) {
			t.Errorf("ready=%v: /readyz says %d %s", ready, got.status, got.body)
		}
		got = r.ask(t, "GET", "/healthz", "")
		health := decode[Health](t, got)
		if got.status != http.StatusOK || health.Status != word || health.Variant != "dev" || health.Uptime <= 0 ||
			!reflect.DeepEqual(health.Services, now.Services) || !reflect.DeepEqual(health.WaitingFor, now.WaitingFor) {
			t.Errorf("ready=%v: /healthz says %d %s", ready, got.status, got.body)
		}
	}
}

func TestProbesWithoutServices(t *testing.T) {
	got := start(t, nil).ask(t, "GET", "/readyz", "")
	if got.status != http.StatusOK || !strings.Contains(got.body, `"services": []`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestManifest(t *testing.T) {
	manifest := "{\n\t\"variant\": \"dev\" }\n"
	r := start(t, func(o *Options) { o.ManifestJSON = []byte(manifest) })
	if got := r.ask(t, "GET", "/debug/manifest", ""); got.body != manifest {
		t.Errorf("%q, want it byte for byte", got.body)
	}
	if got := start(t, nil).ask(t, "GET", "/debug/manifest", ""); got.status != http.StatusNotFound {
		t.Errorf("without a manifest: %d", got.status)
	}
}

func TestCallsListsTheOldestFirst(t *testing.T) {
	r := start(t, nil)
	if got := r.ask(t, "GET", "/debug/calls", ""); got.body != "[]\n" {
		t.Errorf("with nothing in flight: %q", got.body)
	}
	first, second := r.background(t), r.background(t)
	calls := decode[[]Call](t, r.ask(t, "GET", "/debug/calls", ""))
	if len(calls) != 2 || calls[0].Age < calls[1].Age || calls[0].Start.After(calls[1].Start) {
		t.Errorf("%+v", calls)
	}
	for _, c := range calls {
		if c.Action != "fixture.wait" || c.Caller != Caller || c.RequestID == "" {
			t.Errorf("%+v", c)
		}
	}
	r.release <- struct{}{}
	r.release <- struct{}{}
	<-first
	<-second
}

func TestActions(t *testing.T) {
	list := decode[[]bus.ActionInfo](t, start(t, nil).ask(t, "GET", "/debug/actions", ""))
	at := slices.IndexFunc(list, func(a bus.ActionInfo) bool { return a.Name == "fixture.greet" })
	if at < 0 {
		t.Fatalf("fixture.greet is missing in %+v", list)
	}
	a := list[at]
	if a.Service != "fixture" || a.Doc != "Greets by name." || !a.Handled || a.Request != "admin.greeting" || !strings.Contains(string(a.Example), "Ada") {
		t.Errorf("%+v", a)
	}
	if !strings.Contains(string(a.RequestSchema), `"title": "admin.greeting"`) || !strings.Contains(string(a.ResponseSchema), `"required": [`) {
		t.Errorf("the schemas are %s and %s", a.RequestSchema, a.ResponseSchema)
	}
}

// Proves: R24 in part (the nodes and their services).
func TestNodes(t *testing.T) {
	nodes := decode[Nodes](t, start(t, nil).ask(t, "GET", "/debug/nodes", ""))
	if nodes.Node.Node == "" || nodes.Node.Run == "" || nodes.Node.Started.IsZero() || !slices.Equal(nodes.Node.Services, []string{"fixture"}) {
		t.Errorf("%+v", nodes.Node)
	}
	if nodes.Peers == nil || len(nodes.Peers) > 0 {
		t.Errorf("the peers of a process that is alone are %#v", nodes.Peers)
	}
}

func TestIndexListsWhatExists(t *testing.T) {
	got := start(t, nil).ask(t, "GET", "/", "")
	if !strings.Contains(got.body, "/debug/call/{action}") || !strings.Contains(got.body, "/readyz") {
		t.Error(got.body)
	}
	got = start(t, func(o *Options) { o.Development = false }).ask(t, "GET", "/", "")
	if strings.Contains(got.body, "/debug/call/") || strings.Contains(got.body, "pprof") || !strings.Contains(got.body, "/debug/calls") {
		t.Error(got.body)
	}
}

func TestProductionHasNoConsole(t *testing.T) {
	r := start(t, func(o *Options) { o.Development = false })
	for _, route := range r.routes() {
		path := strings.ReplaceAll(route.path, "{action}", "fixture.greet")
		if got := r.ask(t, route.method, path, ""); route.development != (got.status == http.StatusNotFound) && path != "/debug/manifest" {
			t.Errorf("%s %s: %d", route.method, path, got.status)
		}
	}
}

func TestProfiles(t *testing.T) {
	r := start(t, nil)
	for _, path := range []string{"", "cmdline", "symbol", "goroutine?debug=1", "profile?seconds=1", "trace?seconds=0.01"} {
		if testing.Short() && strings.HasPrefix(path, "profile") {
			continue
		}
		if got := r.ask(t, "GET", "/debug/pprof/"+path, ""); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

func TestWrongMethod(t *testing.T) {
	r := start(t, nil)
	for _, route := range r.routes() {
		path := strings.ReplaceAll(route.path, "{action}", "fixture.greet")
		got := r.ask(t, "DELETE", path, "")
		if got.status != http.StatusMethodNotAllowed || !strings.Contains(got.header.Get("Allow"), route.method) {
			t.Errorf("DELETE %s: %d, Allow %q", path, got.status, got.header.Get("Allow"))
		}
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	r := start(t, nil)
	for path, header := range map[string][]string{"/": nil, "/metrics": nil, "/readyz": nil, "/debug/calls": nil, "/nowhere": nil, "/debug/actions": {"Host", "evil.example"}} {
		got := r.ask(t, "GET", path, "", header...)
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Server": ServerName} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.header.Get(name))
			}
		}
	}
}
