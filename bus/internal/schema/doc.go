// Package schema knows what the values of a contract's type have to be.
//
// It reads three struct tags, once for each type:
//
//	Quantity int64    `json:"quantity" schema:"minimum=1,maximum=999"`
//	Codes    []string `json:"codes,omitempty" schema:"maxItems=20" items:"required,maxLength=40"`
//	Method   string   `json:"method,omitempty" schema:"pattern=^[a-z]+:[a-z]+$" doc:"a method, provider:code"`
//
// schema holds keywords of JSON Schema for the field, items those for each element
// of a slice, an array or a map, and doc says in a noun phrase what the field is.
// Keywords are separated by commas, the values of enum by bars; pattern comes last
// and takes the rest of the tag, commas included. Patterns are those of package
// regexp; a backslash is written twice, as in every struct tag.
//
//	required                 not the zero value, and not blank text; no other rule of the field speaks then
//	minLength, maxLength     characters of a string
//	pattern, format          of a string; formats: date, date-time, email, uri, uuid
//	enum                     the values that a string or a whole number may have
//	minimum, maximum         of a number
//	minItems, maxItems       of a slice
//	minProperties, maxProperties  of a map
//
// A field that JSON omits when it is empty (omitempty, omitzero) and a nil pointer
// are absent, and no rule but required applies to them. Every other value is there
// and every rule applies to it, also when it is zero because JSON did not have it.
//
// A type may have a method Validate() error beside its tags, for what they cannot
// say. It is called on the request and on every part of it that is there. [Compile]
// makes a [Check] of all that; [Document] writes it as JSON Schema.
package schema
