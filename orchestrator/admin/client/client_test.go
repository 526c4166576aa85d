package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/membus"
	"github.com/shopanaio/orchestrator/config"
	"github.com/shopanaio/orchestrator/orchestrator/admin"
	"github.com/shopanaio/orchestrator/orchestrator/admin/client"
)

type greeting struct {
	Name string `json:"name"`
}

var (
	greet    = bus.NewAction[greeting, greeting]("fixture.greet")
	waiting  = bus.NewAction[greeting, greeting]("fixture.wait")
	errTaken = bus.NewError(bus.AlreadyExists, "fixture.taken")
)

const token = config.Secret("0123456789abcdef0123456789abcdef")

// process starts an admin server over a bus with the service fixture, until the test ends, and returns its URL.
func process(t testing.TB, o admin.Options) string {
	t.Helper()
	o.Node = membus.New(bus.Options{Logger: slog.New(slog.DiscardHandler)})
	b := o.Node.View("fixture")
	greet.Handle(b, func(ctx context.Context, in greeting) (greeting, error) {
		if in.Name == "taken" {
			return in, errTaken.Errorf("the name %s is taken", in.Name)
		}
		return greeting{Name: in.Name + " " + bus.RequestID(ctx)}, nil
	})
	waiting.Handle(b, func(ctx context.Context, in greeting) (greeting, error) {
		<-ctx.Done()
		return in, ctx.Err()
	})
	if o.Address == "" {
		o.Address = "127.0.0.1:0"
	}
	server := admin.New(o)
	addr, err := server.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve() }()
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), <-served); err != nil {
			t.Error(err)
		}
	})
	return fmt.Sprintf("http://127.0.0.1:%d", addr.(*net.TCPAddr).Port)
}

func TestCall(t *testing.T) {
	url := process(t, admin.Options{Development: true})
	for _, written := range []string{url, url + "/", strings.TrimPrefix(url, "http://")} {
		got, err := client.Call(t.Context(), written, "fixture.greet", []byte(`{"name":"Ada"}`), client.Options{RequestID: "r1"})
		if err != nil || string(got) != `{"name":"Ada r1"}` {
			t.Errorf("%s: %s, %v", written, got, err)
		}
	}
}

func TestCallErrorsAreTheProcessesOwn(t *testing.T) {
	url := process(t, admin.Options{Development: true})
	_, err := client.Call(t.Context(), url, "fixture.greet", []byte(`{"name":"taken"}`), client.Options{})
	if !errors.Is(err, errTaken) || !bus.IsRemote(err) || bus.CodeOf(err) != bus.AlreadyExists {
		t.Errorf("%#v", err)
	}
	_, err = client.Call(t.Context(), url, "fixture.dance", nil, client.Options{})
	if bus.CodeOf(err) != bus.Unimplemented || !bus.IsRemote(err) || !strings.Contains(err.Error(), "fixture.dance") {
		t.Errorf("an unknown action: %v", err)
	}
	_, err = client.Call(t.Context(), url, "fixture.wait", nil, client.Options{Timeout: 20 * time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) || !bus.IsRemote(err) {
		t.Errorf("a call that takes longer than its timeout: %v", err)
	}
}

func TestCallStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := client.Call(ctx, process(t, admin.Options{Development: true}), "fixture.wait", nil, client.Options{})
	if !errors.Is(err, context.DeadlineExceeded) || bus.IsRemote(err) || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("%v", err)
	}
}

func TestActionsAndReady(t *testing.T) {
	url := process(t, admin.Options{Ready: func() admin.Readiness {
		return admin.Readiness{Services: []admin.ServiceState{{Service: "fixture", State: "Starting"}}}
	}})
	actions, err := client.Actions(t.Context(), url, client.Options{})
	if err != nil || len(actions) != 2 || actions[0].Name != "fixture.greet" {
		t.Errorf("%+v, %v", actions, err)
	}
	ready, err := client.Ready(t.Context(), url, client.Options{})
	if err != nil || ready.Ready || len(ready.Services) != 1 || ready.Services[0].State != "Starting" {
		t.Errorf("%+v, %v", ready, err)
	}
}

func TestHealthNeedsNoToken(t *testing.T) {
	for _, manifest := range []string{`{"variant":"dev"}`, ""} {
		want := "unknown"
		if manifest != "" {
			want = "dev"
		}
		url := process(t, admin.Options{ManifestJSON: []byte(manifest), Address: "0.0.0.0:0", Token: token})
		if health, err := client.Health(t.Context(), url, client.Options{}); err != nil || health.Variant != want || health.Status != "ready" {
			t.Errorf("%+v, %v", health, err)
		}
	}
}

func TestToken(t *testing.T) {
	url := process(t, admin.Options{Development: true, Address: "0.0.0.0:0", Token: token})
	if _, err := client.Call(t.Context(), url, "fixture.greet", nil, client.Options{Token: token}); err != nil {
		t.Error(err)
	}
	_, err := client.Call(t.Context(), url, "fixture.greet", nil, client.Options{})
	if err == nil || !strings.Contains(err.Error(), "send the admin token") || bus.IsRemote(err) {
		t.Errorf("without a token: %v", err)
	}
	if _, err := client.Actions(t.Context(), url, client.Options{}); err == nil {
		t.Error("the catalog was given without a token")
	}
}

func TestProductionTakesNoCalls(t *testing.T) {
	_, err := client.Call(t.Context(), process(t, admin.Options{}), "fixture.greet", nil, client.Options{})
	if err == nil || !strings.Contains(err.Error(), "development only") || bus.IsRemote(err) {
		t.Errorf("%v", err)
	}
}

func TestNothingListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	_ = l.Close()
	_, err = client.Ready(t.Context(), url, client.Options{})
	for _, want := range []string{"nothing listens at " + url, "start the process", "--admin", "METRICS_PORT"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// strangers are servers that are no orchestrator, or behave like none.
func TestStrangers(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"another program": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }, "no admin server"},
		"a redirect":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) }, "no admin server"},
		"a redirect of ours": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", admin.ServerName)
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, "refused (307)"},
		"too much": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", admin.ServerName)
			for range 17 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		}, "more than 16 MiB"},
		"half an answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", admin.ServerName)
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
		}, "broke its answer off"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.handler)
			defer server.Close()
			_, err := client.Call(t.Context(), server.URL, "fixture.greet", nil, client.Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) || bus.IsRemote(err) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestAnotherVersion(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Server", admin.ServerName)
		_, _ = io.WriteString(w, `{"ready":"perhaps"}`)
	}))
	defer server.Close()
	if _, err := client.Ready(t.Context(), server.URL, client.Options{}); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("%v", err)
	}
}

func TestBadURL(t *testing.T) {
	for _, wrong := range []string{"", "http://", "ftp://127.0.0.1:3030", "http://127.0.0.1:3030?x=1", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://127.0.0.1:port", "http://a b", "unix:///run/x"} {
		if _, err := client.Ready(t.Context(), wrong, client.Options{}); err == nil || !strings.Contains(err.Error(), "http://127.0.0.1:3030") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	// Proves: S-01 (userinfo of a URL).
	for _, secret := range []string{"http://ann:hunter2@127.0.0.1:3030", "http://ann:hunter2@127.0.0.1:port"} {
		if _, err := client.Ready(t.Context(), secret, client.Options{}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v", err)
		}
	}
}

func TestUnknownHost(t *testing.T) {
	_, err := client.Ready(t.Context(), "http://no-such-host.invalid:3030", client.Options{})
	if err == nil || !strings.Contains(err.Error(), "no-such-host.invalid") {
		t.Errorf("%v", err)
	}
}

// Whoever calls is told what happened to the call, and not how the request was made.
func TestProcessThatEndsOrHangs(t *testing.T) {
	ended := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer ended.Close()
	_, err := client.Call(t.Context(), ended.URL, "fixture.greet", nil, client.Options{})
	if err == nil || !strings.Contains(err.Error(), "the process at "+ended.URL+" ended the connection before it answered") || strings.Contains(err.Error(), "Post") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	url := process(t, admin.Options{Development: true})
	_, err = client.Call(ctx, url, "fixture.wait", nil, client.Options{Timeout: time.Minute})
	if err == nil || !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "Post") || !strings.Contains(err.Error(), url+"/debug/calls lists the calls") {
		t.Errorf("%v", err)
	}
}
