// Package service is what a service declares in order to be run.
//
// A service is a type with a constructor. Its module.go, the only file that
// touches the machinery, says so in one line:
//
//	var Module = service.Module[*Service]("pricing", New, service.Config(DefaultConfig))
//
// # The constructor
//
// New makes the service, or an error, from one struct:
//
//	func New(p Params) (*Service, error)
//
// It registers the handlers and does no I/O: it has no context, and one that has not
// returned within 10 s (or the start budget, if that is longer) ends the start. A
// field of Params asks by its type; these there are, of which a service names those
// that it needs, in any order:
//
//	type Params struct {
//		Bus         *bus.Bus            // the service's own view of the bus
//		Log         *slog.Logger        // a log whose every line has service=<name>
//		Config      Config              // the settings, if the module declares them with Config
//		Group       *service.Group      // for the service's goroutines
//		Plugins     plugin.Set          // the providers that are linked
//		Environment service.Environment // development or production
//	}
//
// A field of any other type, or one that is not exported, ends the start with an error
// that names it.
//
// # Start and Stop
//
// If the service has the method Start(context.Context) error it is called after
// the services that this one calls are running; if it has
// Stop(context.Context) error it is called before they stop. Both are optional.
// Until Start has succeeded, calls to the service answer that it has not started
// yet.
//
//	New -> Starting -> Running -> Stopping -> Terminated
//	          |           |          |
//	          `-----------+----------'--> Failed
//
// Each has a budget (10 s and 5 s unless StartBudget and StopBudget say
// otherwise) and a context that ends with the budget or when the method returns,
// whichever is first: it is not for background work. A Start that fails cleans
// up after itself, for Stop is then not called. A panic counts as an error. A
// failing Start makes the process stop the services already started, in reverse
// order, and exit with code 1; a failing Stop does not keep the others from
// stopping, and makes the exit code 1.
//
// # Goroutines
//
// A service starts its goroutines with [Group.Go], never with a bare go
// statement. What the group is given in New begins when Start has succeeded;
// what it is given later begins at once. When the service stops, the group's
// context ends first, then Stop runs, then the goroutines are waited for, all
// within the stop budget. A goroutine that panics, or returns an error before
// the stop, brings the process down gracefully with exit code 1.
//
// # What others do
//
// Whoever wants to know what state the other services of the process are in
// subscribes to [Changed].
//
// # In a plain test
//
// Nothing here is needed to use a service: give New its Params, with a view of a bus
// made by membus.New, a logger and, if it asks for one, a group made by [NewGroup].
package service
