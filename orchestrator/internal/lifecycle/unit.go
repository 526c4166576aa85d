package lifecycle

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// unit is one service's share of the supervisor. hooks and started are only
// touched by fx, which runs one hook at a time; status is guarded by sup.mu.
type unit struct {
	name   string
	sup    *Supervisor
	log    *slog.Logger
	listed bool

	hooks, started int
	stopErrs       []error
	status         Status
}

// enter moves the unit to a state if that may follow, and says so.
func (u *unit) enter(next State, err error) {
	u.sup.changing.Lock()
	defer u.sup.changing.Unlock()
	u.sup.mu.Lock()
	moved := u.status.State.follows(next)
	if moved {
		u.status.State, u.status.Since, u.status.Err = next, time.Now(), err
	}
	now := u.status
	u.sup.mu.Unlock()
	if moved && u.listed && u.sup.options.OnChange != nil {
		u.sup.options.OnChange(now)
	}
}

func (u *unit) took(d *time.Duration, more time.Duration) time.Duration {
	u.sup.mu.Lock()
	defer u.sup.mu.Unlock()
	*d += more
	return *d
}

// startSucceeded counts a hook; with the last one the service runs. The gate
// opens before the state changes, so that who sees Running may call.
func (u *unit) startSucceeded(took time.Duration) error {
	total := u.took(&u.status.Start, took)
	if u.started+1 == u.hooks && u.listed {
		if gate := u.sup.options.Gate; gate != nil {
			if err := gate.Release(u.name); err != nil {
				return u.startFailed(fmt.Errorf("it started but could not be opened for calls: %w", err), 0)
			}
		}
		u.enter(Running, nil)
		u.log.Debug("service started", "took", total)
	}
	u.started++
	return nil
}

func (u *unit) startFailed(err error, took time.Duration) error {
	u.took(&u.status.Start, took)
	u.enter(Failed, err)
	return &HookError{Service: u.name, Phase: Start, Err: err}
}

// calledOff ends a start between two hooks. A service whose turn had not come
// has not failed: it stays New, and the error does not blame it.
func (u *unit) calledOff(err *AbortError) error {
	if u.started == 0 {
		return err
	}
	return u.startFailed(err, 0)
}

// beginStop shuts the gate before the first of the service's stop hooks runs.
func (u *unit) beginStop() {
	u.enter(Stopping, nil)
	if gate := u.sup.options.Gate; u.listed && gate != nil {
		gate.Hold(u.name)
	}
}

// stopped counts a hook; with the last one the service is at its end.
func (u *unit) stopped(err error, took time.Duration) error {
	total := u.took(&u.status.Stop, took)
	u.started--
	if err != nil {
		err = &HookError{Service: u.name, Phase: Stop, Err: err}
		u.stopErrs = append(u.stopErrs, err)
	}
	if u.started > 0 || !u.listed {
		return err
	}
	if joined := errors.Join(u.stopErrs...); joined != nil {
		u.enter(Failed, joined)
		return err
	}
	u.enter(Terminated, nil)
	u.log.Info("service stopped", "took", total)
	return err
}
