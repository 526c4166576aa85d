package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/natsbus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type text struct {
	Text string `json:"text"`
}

var echo = bus.NewAction[text, text]("parrot.echo")

// hosting makes a node with a server of its own.
func hosting(t *testing.T, port int, dir string) (*bus.Node, error) {
	t.Helper()
	tr, err := Transport.Open(bus.TransportSettings{
		Logger: slog.New(slog.DiscardHandler),
		Decode: func(into any) error {
			*into.(*Config) = Config{Port: port, DataDir: dir}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	n := bus.NewNode(bus.Options{Transport: tr})
	echo.Handle(n.View("parrot"), func(_ context.Context, v text) (text, error) { return v, nil })
	return n, n.Start(t.Context())
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Another process joins by the transporter NATS; JetStream is there.
func TestOthersJoin(t *testing.T) {
	port, dir := freePort(t), t.TempDir()
	host, err := hosting(t, port, dir)
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("nats://127.0.0.1:%d", port)
	tr, err := natsbus.New(natsbus.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	guest := bus.NewNode(bus.Options{Transport: tr})
	if err := guest.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	res, err := echo.Call(t.Context(), guest.View("shop"), text{"hello"})
	if err != nil || res.Text != "hello" || !host.Connected() {
		t.Errorf("%+v, %v, connected %v", res, err, host.Connected())
	}
	checkJetStream(t, url)
	if err := errors.Join(guest.Close(t.Context()), host.Drain(t.Context()), host.Close(t.Context())); err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", strings.TrimPrefix(url, "nats://")); err == nil {
		c.Close()
		t.Error("the server still listens after Close")
	}
	if _, err := os.Stat(filepath.Join(dir, "jetstream")); err != nil {
		t.Errorf("JetStream kept nothing in the data directory: %v", err)
	}
}

func checkJetStream(t *testing.T, url string) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s.>"}}); err != nil {
		t.Errorf("JetStream: %v", err)
	}
}

// A port or a data directory that somebody else has is an error that says so,
// and leaves nothing behind.
func TestTaken(t *testing.T) {
	port, dir := freePort(t), t.TempDir()
	first, err := hosting(t, port, dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hosting(t, port, t.TempDir()); err == nil || !strings.Contains(err.Error(), "orchestrator.embedded.port") {
		t.Errorf("a busy port: %v", err)
	}
	if _, err := hosting(t, freePort(t), dir); err == nil || !strings.Contains(err.Error(), "orchestrator.embedded.data_dir") {
		t.Errorf("a data directory in use: %v", err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := hosting(t, port, dir)
	if err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	if err := again.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWrongSettings(t *testing.T) {
	if _, err := hosting(t, 70000, "x"); err == nil || !strings.Contains(err.Error(), "65535") {
		t.Errorf("port: %v", err)
	}
	if _, err := hosting(t, 4222, ""); err == nil || !strings.Contains(err.Error(), "data_dir") {
		t.Errorf("data_dir: %v", err)
	}
}
