package natsbus

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// shortest bounds every interval: below it a process is busy with nothing else.
const shortest = 10 * time.Millisecond

// Validate says everything that is wrong with the settings, each error beginning with
// the name of its key in config.yml.
func (c Config) Validate() error {
	errs := []error{
		between("retry_wait", c.RetryWait, shortest, time.Hour),
		between("ping_interval", c.PingInterval, shortest, time.Hour),
		between("heartbeat_interval", c.HeartbeatInterval, shortest, longestBeat),
		atLeast("concurrency", c.Concurrency, 1),
		atLeast("queue", c.Queue, 0),
		atLeast("event_backlog", c.EventBacklog, 2),
		readable("credentials", c.Credentials),
		readable("nkey_seed", c.NKeySeed),
		readable("root_ca", c.RootCA),
		readable("client_cert", c.ClientCert),
		readable("client_key", c.ClientKey),
	}
	if c.HeartbeatTimeout != 0 && c.HeartbeatTimeout < 2*c.HeartbeatInterval {
		errs = append(errs, fmt.Errorf("heartbeat_timeout must leave time for two beats of heartbeat_interval: at least %s, not %s", 2*c.HeartbeatInterval, c.HeartbeatTimeout))
	}
	if (c.ClientCert == "") != (c.ClientKey == "") {
		errs = append(errs, errors.New("client_cert and client_key belong together: set both, or none"))
	}
	return errors.Join(errs...)
}

func between(key string, d, least, most time.Duration) error {
	if d < least || d > most {
		return fmt.Errorf("%s must be between %s and %s, not %s", key, least, most, d)
	}
	return nil
}

func atLeast(key string, n, least int) error {
	if n < least {
		return fmt.Errorf("%s must be at least %d, not %d", key, least, n)
	}
	return nil
}

// readable looks whether a file is there to be read: nats.go reads it when it connects,
// and what it says then looks like a fault of the network.
func readable(key, path string) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	failure, pathed := errors.AsType[*fs.PathError](err)
	switch {
	case err == nil:
		return f.Close()
	case pathed && !isPath(path): // it may be the secret itself instead
		return fmt.Errorf("%s must be the path of a file, and there is none of what it says: %w", key, failure.Err)
	}
	return fmt.Errorf("%s names a file that cannot be read: %w", key, err)
}

// isPath reports whether a text is the path of a file that is there, or could be: its
// directory is.
func isPath(text string) bool {
	if _, err := os.Lstat(text); err == nil {
		return true
	}
	dir, _ := filepath.Split(text)
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
