// Package conformance is the table of behaviours that every transport is held to.
//
// [Run] tries it over one transport: values, errors, reach, deadlines, cancellation,
// isolation, drain, load, counts, events. What two transports cannot do alike is a
// field of [Features], with the reason; everything else must look the same to a
// caller. [Observe] gives what was seen as texts, so that transports can be compared
// with each other, and so that broken ones can be shown to be found.
package conformance
