// Package isolate keeps services from sharing memory.
//
// A value that crosses the bus inside one process is copied, so that neither
// side can change what the other one holds. How to copy a type is found out
// once, when the program is wired: a [Plan]. A type without references is
// passed by value and costs nothing; slices, maps and pointers are copied
// deeply, without a detour over an encoding.
//
// The plan is also the judge of what may be sent at all. What would be lost or
// refused by the wire codec (interfaces, functions, channels, unexported
// fields, fields tagged json:"-") is refused by [For], with the path of the
// field, so that what works in memory works between processes.
//
// A plan copies what Go's memory says, the wire codec what the JSON tags say.
// Where the two may differ (a custom MarshalJSON, omitempty) [Plan.RoundTrip]
// shows it: it sends a value through the codec and back.
package isolate
