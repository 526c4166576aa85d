// Package matching decides which of the providers' offers belongs to which item,
// and says for every item without one why that is so. It is pure.
package matching
