// Package owner finds out whether the process at the other end of a connection
// belongs to the user of this one, so that what is meant for the user's own
// processes is not sent to whoever else listens at a port.
package owner
