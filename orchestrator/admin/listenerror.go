package admin

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listenError says what to do about an address that cannot be bound.
func listenError(address string, err error) error {
	host, port, splitErr := net.SplitHostPort(address)
	switch {
	case splitErr != nil:
		return fmt.Errorf("the admin server's address %q is not host:port: set admin_address and metrics_port in config.yml: %w", address, splitErr)
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("the admin server cannot listen on %s: port %s is in use, perhaps by another run of this program; "+
			"end that one, or choose another port with metrics_port in config.yml or METRICS_PORT in the environment: %w", address, port, err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("the admin server may not listen on %s: port %s needs privileges; "+
			"choose another with metrics_port in config.yml or METRICS_PORT in the environment: %w", address, port, err)
	}
	return fmt.Errorf("the admin server cannot listen on %s: check the address %s (admin_address in config.yml) "+
		"and the port %s (metrics_port, or METRICS_PORT in the environment): %w", address, host, port, err)
}
