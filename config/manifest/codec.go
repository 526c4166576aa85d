package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// magicReversed is the first key of every manifest, written backwards. A
// program that imports this package must not hold the key itself as a
// constant: FromBinary counts its occurrences and wants exactly one.
const magicReversed = `tamrof-tsefinam-rotartsehcro-anapohs`

// Magic returns the first key of every manifest. Its value is the format, and
// its quoted form occurs exactly once in a binary that embeds a manifest.
func Magic() string {
	key := []byte(magicReversed)
	slices.Reverse(key)
	return string(key)
}

// Marshal writes a manifest as indented JSON that ends with a newline. Equal
// content gives equal bytes: only the order of Services is kept, since it is
// the start order.
func Marshal(m Manifest) ([]byte, error) {
	m = m.normal()
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	body, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  %q: %d,", Magic(), m.Format)
	out.Write(bytes.TrimPrefix(body, []byte("{")))
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// Parse reads what Marshal wrote. It refuses another format, an unknown field,
// data behind the manifest, and a manifest without variant or with a service
// named twice.
func Parse(data []byte) (Manifest, error) {
	m, rest, err := decode(data)
	if err != nil {
		return Manifest{}, fmt.Errorf("read manifest: %w", err)
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return Manifest{}, errors.New("read manifest: there is more data behind it; generate it anew")
	}
	return m, nil
}

// decode reads the manifest that data begins with and returns what follows it.
func decode(data []byte) (Manifest, []byte, error) {
	var fields map[string]json.RawMessage
	first := json.NewDecoder(bytes.NewReader(data))
	if err := first.Decode(&fields); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return Manifest{}, nil, err
	}
	format, err := formatOf(fields)
	if err != nil {
		return Manifest{}, nil, err
	}
	delete(fields, Magic())
	body, err := json.Marshal(fields)
	if err != nil {
		return Manifest{}, nil, err
	}
	m := Manifest{Format: format}
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&m); err != nil {
		return Manifest{}, nil, err
	}
	return m, data[first.InputOffset():], m.check()
}

func formatOf(fields map[string]json.RawMessage) (int, error) {
	raw, ok := fields[Magic()]
	if !ok {
		return 0, fmt.Errorf("it has no field %q, so it is not a manifest", Magic())
	}
	format, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, fmt.Errorf("its format is %s, not a number", raw)
	}
	if format != Format {
		return 0, fmt.Errorf("its format is %d and this program reads format %d; use the tools/gen of the same source tree", format, Format)
	}
	return format, nil
}

func (m Manifest) check() error {
	if m.Format != Format {
		return fmt.Errorf("the format is %d, want %d", m.Format, Format)
	}
	if m.Variant == "" {
		return errors.New("the variant has no name")
	}
	seen := map[string]bool{}
	for _, s := range m.Services {
		if s.Name == "" || s.Import == "" {
			return fmt.Errorf("a service has no name or no import path (name %q, import %q)", s.Name, s.Import)
		}
		if seen[s.Name] {
			return fmt.Errorf("the service %s is listed twice", s.Name)
		}
		seen[s.Name] = true
	}
	return nil
}
