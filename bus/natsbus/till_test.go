package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// tillVariable makes the test binary serve the till, over the bus and over nats.go's
// micro, instead of running its tests. It holds the URL of the server.
const tillVariable = "ORCHESTRATOR_TESTTILL"

const microSubject = "micro.till.sum"

// serveTill serves the till until its standard input ends, and does not return in the
// process that was started for it.
func serveTill() {
	url := os.Getenv(tillVariable)
	if url == "" {
		return
	}
	if err := runTill(url); err != nil {
		fmt.Fprintln(os.Stderr, "the till of a benchmark:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runTill(url string) error {
	tr, err := New(Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	n := bus.NewNode(bus.Options{Transport: tr})
	sum.Handle(n.View("till"), add)
	conn, err := nats.Connect(url)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := errors.Join(n.Check(), n.Start(context.Background()), serveMicro(conn)); err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return n.Close(context.Background())
}

func serveMicro(conn *nats.Conn) error {
	service, err := micro.AddService(conn, micro.Config{Name: "till", Version: "1.0.0"})
	if err != nil {
		return err
	}
	err = service.AddEndpoint("sum", micro.HandlerFunc(func(req micro.Request) {
		var c cart
		if err := json.Unmarshal(req.Data(), &c); err != nil {
			_ = req.Error("400", err.Error(), nil)
			return
		}
		t, err := add(context.Background(), c)
		if err != nil {
			_ = req.Error("500", err.Error(), nil)
			return
		}
		_ = req.RespondJSON(t) // the caller's deadline shows it
	}), micro.WithEndpointSubject(microSubject))
	return errors.Join(err, conn.Flush())
}
