//go:build unix

package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A device that never ends is read up to the bound.
func TestDeviceIsNotReadPastTheBound(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	data, err := Read("/dev/zero")
	if err != nil || len(data) != MaxSize+1 {
		t.Errorf("%d bytes, %v; want one more than %d", len(data), err, MaxSize)
	}
	if _, err := Load("/dev/zero"); err == nil || !strings.Contains(err.Error(), "more than the") {
		t.Errorf("Load: %v; want it refused as too large", err)
	}
}

// A pipe is read to its end, and one that nobody writes into is given up.
func TestPipeIsAwaitedForATime(t *testing.T) {
	name := filepath.Join(t.TempDir(), "config.yml")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Skip(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(name, []byte("orchestrator: {services: [apps]}\n"), 0) }()
	f, err := Load(name)
	if err != nil || <-written != nil {
		t.Fatal(err)
	}
	if variants, _ := f.Variants(); len(variants) != 1 {
		t.Errorf("variants %v", variants)
	}

	defer func(before time.Duration) { patience = before }(patience)
	patience = 10 * time.Millisecond
	_, err = Load(name)
	if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), name+" is no plain file") {
		t.Errorf("error %v, want a deadline that names the pipe", err)
	}
	// Opened for writing, it lets the reader go that was given up.
	w, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
