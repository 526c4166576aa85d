// Package deliveryapi is the contract of the service delivery: how a project
// can ship, and which lines of a cart go into one delivery.
//
// A method is named "provider:code", such as "novaposhta:warehouse_doors".
// Lists are never null. When the providers fail, the result says so in its
// warnings.
package deliveryapi
