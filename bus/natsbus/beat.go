package natsbus

import (
	"encoding/json"
	"errors"
	"regexp"
	"time"
)

// beat is what a node says of itself to the others, as JSON: that it is there, or that
// it leaves.
type beat struct {
	Node     string    `json:"node"`
	Run      string    `json:"run"`
	Services []string  `json:"services"`
	Started  time.Time `json:"started"`
	EveryMS  int64     `json:"everyMs"` // how often it says so
	Leaving  bool      `json:"leaving,omitempty"`
}

const (
	// maxBeat and maxBeatServices bound what is sent, and read of a message that anybody may
	// have written.
	maxBeat         = 256 << 10
	maxBeatServices = 4096
	// longestBeat bounds how long a node may ask to be kept without a sign of life.
	longestBeat = time.Hour
)

// nodeName is the form of a node's id: it is a part of a subject.
var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)

var errNoBeat = errors.New("this is no sign of life of a node")

// parseBeat reads a beat; what a program of ours could not have written is an error.
func parseBeat(data []byte) (beat, error) {
	var b beat
	if len(data) > maxBeat {
		return beat{}, errNoBeat
	}
	if err := json.Unmarshal(data, &b); err != nil {
		return beat{}, err
	}
	if !nodeName.MatchString(b.Node) || !nodeName.MatchString(b.Run) || len(b.Services) > maxBeatServices {
		return beat{}, errNoBeat
	}
	for _, s := range b.Services {
		if !callerName.MatchString(s) {
			return beat{}, errNoBeat
		}
	}
	return b, nil
}

// every is how often the node says that it is there.
func (b beat) every() time.Duration {
	if b.EveryMS < 0 || b.EveryMS > longestBeat.Milliseconds() {
		return longestBeat
	}
	return time.Duration(b.EveryMS) * time.Millisecond
}
