package embedded

import (
	"fmt"
	"log/slog"
)

// journal writes the server's log lines with those of the process. What the
// server notes in its normal course is for debugging here.
type journal struct{ *slog.Logger }

func (j journal) Noticef(format string, v ...any) { j.Debug(line(format, v)) }
func (j journal) Warnf(format string, v ...any)   { j.Warn(line(format, v)) }
func (j journal) Fatalf(format string, v ...any)  { j.Error(line(format, v)) }
func (j journal) Errorf(format string, v ...any)  { j.Error(line(format, v)) }
func (j journal) Debugf(format string, v ...any)  { j.Debug(line(format, v)) }
func (j journal) Tracef(format string, v ...any)  { j.Debug(line(format, v)) }

func line(format string, v []any) string { return "nats-server: " + fmt.Sprintf(format, v...) }
