package natsbus

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// withStreams is a server on which streams can be made.
func withStreams(t *testing.T) *testnats.Server {
	t.Helper()
	return testnats.Start(t, func(o *server.Options) { o.JetStream, o.StoreDir = true, t.TempDir() })
}

func addStream(t *testing.T, s *testnats.Server, subjects ...string) {
	t.Helper()
	streams, err := client(t, s).JetStream()
	if err == nil {
		_, err = streams.AddStream(&nats.StreamConfig{Name: "AUDIT", Subjects: subjects, Storage: nats.MemoryStorage})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// acked is a response that looks like what a stream answers.
type acked struct {
	Stream string `json:"stream"`
	Seq    int    `json:"seq"`
}

// A stream that covers the subjects of calls answers in nobody's place: a service's own
// answer is waited for, a service that nobody runs is unavailable, and both are told why.
func TestStreamOverCallsAnswersForNobody(t *testing.T) {
	s := withStreams(t)
	addStream(t, s, "platform.oracle.>", "platform.nowhere.>")
	record := bus.NewAction[question, acked]("oracle.record")
	newNode(t, s.URL(), func(n *bus.Node) {
		newOracle(n)
		record.Handle(n.View("oracle"), func(context.Context, question) (acked, error) { return acked{"own", 7}, nil })
	})
	var log transcript
	n := newNode(t, s.URL(), nil, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	until(t, "they know each other", func() bool { p := n.Peers(); return len(p) == 1 && len(p[0].Services) == 1 })
	shop := n.View("shop")
	for range 50 {
		if res, err := ask.Call(t.Context(), shop, question{Text: "x"}); err != nil || res.Text != "x" {
			t.Fatalf("a service that runs: %+v, %v", res, err)
		}
	}
	if res, err := record.Call(t.Context(), shop, question{}); err != nil || res != (acked{"own", 7}) {
		t.Errorf("a response that looks like an acknowledgement: %+v, %v", res, err)
	}
	began := time.Now()
	_, err := bus.NewAction[question, reading]("nowhere.ask").Call(t.Context(), shop, question{})
	if bus.CodeOf(err) != bus.Unavailable || !strings.Contains(err.Error(), "the JetStream stream AUDIT") || time.Since(began) > bus.DefaultTimeout/2 {
		t.Errorf("a service that nobody runs, after %s: %v", time.Since(began), err)
	}
	if text := log.String(); strings.Count(text, "stream=AUDIT") != 1 {
		t.Errorf("the stream is complained of in %s", text)
	}
}

// A stream over all subjects ends the start with its name. One over the subjects that
// are for streams is in nobody's way.
func TestStreamOverTheNamespaceEndsTheStart(t *testing.T) {
	s := withStreams(t)
	addStream(t, s, "platform.durable.>")
	newNode(t, s.URL(), func(n *bus.Node) { newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	if res, err := ask.Call(t.Context(), shop, question{Text: "x"}); err != nil || res.Text != "x" {
		t.Errorf("beside a stream of its own: %+v, %v", res, err)
	}
	n := bus.NewNode(bus.Options{})
	bus.NewAction[question, reading]("durable.ask").Handle(n.View("durable"), func(context.Context, question) (reading, error) { return reading{}, nil })
	if err := n.Check(); err == nil || !strings.Contains(err.Error(), "no service can be called durable") {
		t.Errorf("a service whose calls such a stream would take: %v", err)
	}

	all := withStreams(t)
	addStream(t, all, "platform.>")
	err := unstarted(t, all.URL(), "shop-1", nil).Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the JetStream stream AUDIT covers the subjects of the namespace platform") || strings.Contains(err.Error(), "node_id") {
		t.Errorf("the start: %v", err)
	}
}

// What a stream answers is told from what services do.
func TestAcknowledgements(t *testing.T) {
	for body, want := range map[string]string{
		`{"stream":"AUDIT", "seq":1}`:                                                        "AUDIT",
		`{"stream":"AUDIT","domain":"hub","seq":12,"duplicate":true}`:                        "AUDIT",
		`{"error":{"code":503,"err_code":10077,"description":"x"},"stream":"AUDIT","seq":0}`: "AUDIT",
		`{"stream":"AUDIT"}`:                       "",
		`{"stream":"AUDIT","seq":1,"text":"mine"}`: "",
		`{"error":{"code":"x"}}`:                   "",
		`{"text":"x"}`:                             "",
		`{"stream":"`:                              "",
		``:                                         "",
		`{"stream":"` + strings.Repeat("x", maxAcknowledgement) + `","seq":1}`: "",
	} {
		if got := streamOf(&nats.Msg{Data: []byte(body)}); got != want {
			t.Errorf("%.80s: of stream %q, want %q", body, got, want)
		}
		if marked := responded([]byte(body)).Header != nil; marked != (want != "") {
			t.Errorf("%.80s as a response of ours: marked %v", body, marked)
		}
	}
	if streamOf(responded([]byte(`{"stream":"AUDIT","seq":1}`))) != "" {
		t.Error("a response of ours is taken for an acknowledgement")
	}
}

// The name of an action that nothing could carry ends its call and no other.
func TestLongSubjectsCostNobodyElse(t *testing.T) {
	s := testnats.Start(t)
	var o *oracle
	newNode(t, s.URL(), func(n *bus.Node) { o = newOracle(n) })
	shop := newNode(t, s.URL(), nil).View("shop")
	other := make(chan error, 1)
	go func() {
		_, err := wait.Call(context.Background(), shop, question{})
		other <- err
	}()
	<-o.arrived
	long := "oracle." + strings.Repeat("a", 5000)
	_, err := bus.NewAction[question, reading](long).Call(t.Context(), shop, question{})
	emitErr := bus.NewEvent[question]("shop."+strings.Repeat("a", 5000)).Emit(t.Context(), shop, question{})
	if bus.CodeOf(err) != bus.InvalidArgument || bus.CodeOf(emitErr) != bus.InvalidArgument {
		t.Errorf("the call: %.200v; the event: %.200v", err, emitErr)
	}
	close(o.release)
	if err := errors.Join(<-other); err != nil {
		t.Errorf("a call beside them: %v", err)
	}
}
