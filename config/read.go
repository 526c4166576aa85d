package config

import (
	"fmt"
	"io"
	"os"
	"time"
)

// MaxSize is the largest config.yml that is read, in bytes: many times what the
// settings of thousands of services need.
const MaxSize = 1 << 20

// patience is how long something that is no plain file may take to be read. A pipe
// that nobody writes into would otherwise hold a start for ever.
var patience = 10 * time.Second

// Read returns the text of the config.yml at path. Of one that is larger than
// MaxSize it returns the beginning, which Parse refuses; a device that never ends
// is not read past that. What is no plain file, such as a pipe, has 10 s to be
// read. The error wraps the file system's, or os.ErrDeadlineExceeded.
func Read(path string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() || info.IsDir() {
		return readBounded(path)
	}
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := readBounded(path)
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-time.After(patience):
		return nil, fmt.Errorf("read the configuration: %s is no plain file, and gave no end within %v: %w", path, patience, os.ErrDeadlineExceeded)
	}
}

// readBounded reads one byte more than is allowed, by which a larger file is known.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return data, nil
}
