package owner

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The states of a socket in the kernel's tables, as far as they matter here.
const (
	established = "01"
	listening   = "0A"
)

// check looks at every socket that may be the other end: the one that is connected
// with ours, which has an owner only once it was accepted, and those that listen at
// its address. All of them have to be the user's.
func check(local, remote netip.AddrPort) error {
	user, found := strconv.Itoa(os.Geteuid()), false
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if errors.Is(err, fs.ErrNotExist) {
			continue // without IPv6, or without /proc
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrUnknown, err)
		}
		for line := range strings.Lines(string(text)) {
			s, ok := parse(line)
			if !ok || !s.serves(local, remote) {
				continue
			}
			if s.user != user {
				return ErrStranger
			}
			found = true
		}
	}
	if !found {
		return ErrStranger // the other end is on another machine
	}
	return nil
}

// socket is a line of the kernel's tables.
type socket struct {
	local, remote      netip.AddrPort
	state, user, inode string
}

// parse reads "sl local remote state queues timer retransmits uid timeout inode …".
func parse(line string) (s socket, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 10 {
		return s, false
	}
	local, first := addressOf(fields[1])
	remote, second := addressOf(fields[2])
	return socket{local, remote, fields[3], fields[7], fields[9]}, first && second
}

// serves tells whether the socket may be the one at the other end of a connection
// from local to remote.
func (s socket) serves(local, remote netip.AddrPort) bool {
	switch s.state {
	case established:
		return s.local == plain(remote) && s.remote == plain(local) && s.inode != "0"
	case listening:
		at := s.local.Addr()
		return s.local.Port() == remote.Port() && (at.IsUnspecified() || at == plain(remote).Addr())
	}
	return false
}

func plain(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
}

// addressOf reads 0100007F:0BD6: the address as words of the machine's byte order, and
// the port.
func addressOf(text string) (netip.AddrPort, bool) {
	host, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(host)
	number, failed := strconv.ParseUint(port, 16, 16)
	if err != nil || failed != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for word := range slices.Chunk(raw, 4) {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	address, ok := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(address.Unmap(), uint16(number)), ok
}
