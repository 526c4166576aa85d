package service

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

var errDisk = errors.New("the disk is full")

func TestGroupWaitsForItsGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup(silent())
		ended := false
		g.Go("worker", func(ctx context.Context) error {
			<-ctx.Done()
			<-time.After(2 * time.Second)
			ended = true
			return ctx.Err()
		})
		begun := time.Now()
		if err := g.Stop(context.Background()); err != nil || !ended {
			t.Errorf("stopped with %v, the worker ended: %t", err, ended)
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("stop took %s, want 2s", took)
		}
	})
}

func TestGroupNamesWhatStillRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, release := NewGroup(silent()), make(chan struct{})
		for range 2 {
			g.Go("stuck", func(context.Context) error { <-release; return nil })
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := g.Stop(ctx); err == nil || !strings.Contains(err.Error(), `"stuck" (2)`) {
			t.Errorf("error %v does not name the two goroutines", err)
		}
		close(release)
		synctest.Wait()
	})
}

// Proves: R11 (service.Go): a panic is recovered and reported, an error too, and
// the end of the work or of the service is neither.
func TestGroupJudgesHowAGoroutineEnds(t *testing.T) {
	for _, c := range []struct {
		name, says string
		run        func(ctx context.Context) error
	}{
		{"panic", `goroutine "work": panic: out of paper`, func(context.Context) error { panic("out of paper") }},
		{"error", `goroutine "work": the disk is full`, func(context.Context) error { return errDisk }},
		{"done", "", func(context.Context) error { return nil }},
		{"end of the service", "", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
		{"error after the end of the service", "", func(ctx context.Context) error { <-ctx.Done(); return errDisk }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewGroup(silent())
				g.Go("work", c.run)
				synctest.Wait()
				err := g.Stop(context.Background())
				if c.says == "" && err != nil || c.says != "" && (err == nil || err.Error() != c.says) {
					t.Errorf("error %v, want %q", err, c.says)
				}
			})
		})
	}
}

func TestGroupAfterItsStopRunsNothing(t *testing.T) {
	var log strings.Builder
	g := NewGroup(slog.New(slog.NewTextHandler(&log, nil)))
	if err := g.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	g.Go("late", func(context.Context) error { t.Error("it ran"); return nil })
	if !strings.Contains(log.String(), "goroutine=late") {
		t.Errorf("log %q", log.String())
	}
	if err := g.Stop(context.Background()); err != nil {
		t.Errorf("the second stop: %v", err)
	}
}
