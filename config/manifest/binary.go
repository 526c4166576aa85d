package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// ErrNotFound says that a file holds no manifest, so it is no binary that
// tools/gen selected.
var ErrNotFound = errors.New("no manifest inside; it is no binary of a variant that tools/gen wrote")

// FromBinary reads the manifest that is embedded in a binary file, of any
// platform, without running it. The error wraps ErrNotFound when there is
// none; a file that holds more than one is refused.
func FromBinary(path string) (Manifest, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest from binary: %w", err)
	}
	start, err := locate(data)
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest from %s: %w", path, err)
	}
	m, _, err := decode(data[start:])
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest from %s: %w", path, err)
	}
	return m, nil
}

// locate returns the offset of the manifest's opening brace.
func locate(data []byte) (int, error) {
	key := []byte(strconv.Quote(Magic()) + ":")
	before, after, found := bytes.Cut(data, key)
	if !found {
		return 0, ErrNotFound
	}
	if more := bytes.Count(after, key); more > 0 {
		return 0, fmt.Errorf("%d manifests inside, want one", 1+more)
	}
	head := bytes.TrimRight(before, " \r\n")
	if !bytes.HasSuffix(head, []byte("{")) {
		return 0, ErrNotFound
	}
	return len(head) - 1, nil
}
