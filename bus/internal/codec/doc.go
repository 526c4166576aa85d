// Package codec knows the JSON of a contract's types, and reads it.
//
// It is written for what arrives from other processes, where package encoding/json
// is too kind: that one takes a name in any case, and of two members of one name the
// last. Here a name is the field's or it is unknown; [Lenient] reports what is unknown
// and goes on, and [Strict] refuses it, as it refuses a name that comes twice and text
// that is no UTF-8. In all else a value is what encoding/json makes of it, and it is
// encoding/json that writes.
//
// A body is read once, straight into the value, and costs no memory but the value's:
// nesting is bounded by [MaxDepth], and nothing is remembered of a level that is open.
//
// [Members] lists what JSON has of a struct, and what it would lose; [Tag] reads a
// struct tag as it is written. Both are for packages isolate and schema, so that all
// who look at a type see the same.
package codec
