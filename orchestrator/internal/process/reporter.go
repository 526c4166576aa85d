package process

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/shopanaio/orchestrator/config"
)

// Reporter gives what ends a process to whoever reads: sentences to a person in
// development, lines of the log in production.
type Reporter struct {
	log        *slog.Logger
	structured bool
	to         io.Writer
}

// Reporter is for what is said before the settings are known, and believes what the
// environment says of them.
func (in *Program) Reporter() Reporter {
	s := config.Settings{Environment: in.env("NODE_ENV"), LogFormat: in.env("LOG_FORMAT")}
	production := s.Environment == config.Production
	if production {
		s.LogFormat = cmp.Or(s.LogFormat, "json")
	}
	return Reporter{log: newLogger(in.Stderr, s), structured: production, to: in.Stderr}
}

// Say writes an error that is a sentence of its own.
func (r Reporter) Say(err error) {
	if r.structured {
		r.log.Error(err.Error())
		return
	}
	_, _ = fmt.Fprintln(r.to, err)
}

// failed says why a start failed, and in what if that is not empty. It returns the
// exit code, which says if a signal did it.
func (r Reporter) failed(in string, err error) int {
	if in == "" {
		r.Say(err)
	} else {
		r.report(in, err)
	}
	if by, ok := errors.AsType[signalled](err); ok {
		return signalCode(by.Signal)
	}
	return ExitError
}

// report writes what went wrong and why, and returns the exit code.
func (r Reporter) report(what string, err error) int {
	if r.structured {
		r.log.Error(what, "error", err.Error())
	} else {
		_, _ = fmt.Fprintf(r.to, "%s: %v\n", what, err)
	}
	return ExitError
}
