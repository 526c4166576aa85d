package owner

import (
	"errors"
	"fmt"
	"net"
)

var (
	// ErrStranger is the error for a process of somebody else, or of another machine.
	ErrStranger = errors.New("it belongs to another user, or is on another machine")
	// ErrUnknown is the error where the system does not say whose a socket is.
	ErrUnknown = errors.New("this system does not say whose process it is")
)

// Check returns nil when the process at the other end of a TCP connection runs on
// this machine as the user of this process, else [ErrStranger] or [ErrUnknown].
func Check(conn net.Conn) error {
	local, ok := conn.LocalAddr().(*net.TCPAddr)
	remote, also := conn.RemoteAddr().(*net.TCPAddr)
	if !ok || !also {
		return fmt.Errorf("%w: the connection is no TCP", ErrUnknown)
	}
	return check(local.AddrPort(), remote.AddrPort())
}
