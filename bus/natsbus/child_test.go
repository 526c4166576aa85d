package natsbus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/shopanaio/orchestrator/bus"
)

// childVariable makes the test binary run a node instead of its tests. It holds the
// URL of the server.
const childVariable = "ORCHESTRATOR_TESTNODE"

// note is a request or an event with a number of its own.
type note struct {
	Number int `json:"number"`
}

// recorded is what a child has handled, by number: how often.
type recorded struct {
	Requests map[int]int `json:"requests"`
	Events   map[int]int `json:"events"`
}

var (
	record  = bus.NewAction[note, note]("ledger.record")
	recall  = bus.NewAction[note, recorded]("ledger.recall")
	noticed = bus.NewEvent[note]("orders.noticed")
)

// child runs a node that serves ledger, and does not return in the process that was
// started for it. It ends when its standard input does.
func child() {
	url := os.Getenv(childVariable)
	if url == "" {
		return
	}
	if err := runLedger(url); err != nil {
		fmt.Fprintln(os.Stderr, "the node of a test:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runLedger(url string) error {
	tr, err := New(Config{URL: url, PingInterval: pings(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	n := bus.NewNode(bus.Options{Transport: tr})
	wireLedger(n)
	if err := errors.Join(n.Check(), n.Start(context.Background())); err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return n.Close(context.Background())
}

func wireLedger(n *bus.Node) {
	var mu sync.Mutex
	kept := recorded{Requests: map[int]int{}, Events: map[int]int{}}
	record.Handle(n.View("ledger"), func(_ context.Context, o note) (note, error) {
		mu.Lock()
		defer mu.Unlock()
		kept.Requests[o.Number]++
		return o, nil
	})
	noticed.Subscribe(n.View("ledger"), func(_ context.Context, o note) error {
		mu.Lock()
		defer mu.Unlock()
		kept.Events[o.Number]++
		return nil
	})
	recall.Handle(n.View("ledger"), func(context.Context, note) (recorded, error) {
		mu.Lock()
		defer mu.Unlock()
		return recorded{Requests: maps.Clone(kept.Requests), Events: maps.Clone(kept.Events)}, nil
	})
}

// startChild runs a node in a process of its own until the test ends.
func startChild(t *testing.T, url string) *exec.Cmd {
	t.Helper()
	return startRole(t, childVariable, url)
}

// startRole runs the test binary as what the variable says, until the test ends.
func startRole(t testing.TB, variable, url string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), variable+"="+url)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		last := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		defer last.Stop()
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Errorf("the node of the test ended with %v", err)
		}
	})
	if _, err := fmt.Fscanln(out, new(string)); err != nil {
		t.Fatalf("the node of the test did not start: %v", err)
	}
	return cmd
}
