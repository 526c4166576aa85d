package plugin

import (
	"slices"
	"strings"
)

// Domain is the kind of work a plugin does. It is equal to the name of the
// service that asks for it.
type Domain string

// The domains there are.
const (
	Payments  Domain = "payments"
	Delivery  Domain = "delivery"
	Pricing   Domain = "pricing"
	Inventory Domain = "inventory"
)

// Domains returns every domain, sorted by name.
func Domains() []Domain {
	return []Domain{Delivery, Inventory, Payments, Pricing}
}

// Valid reports whether d is one of the domains there are.
func (d Domain) Valid() bool {
	return slices.Contains(Domains(), d)
}

// DomainList returns the names of all domains for a message: "delivery,
// inventory, payments, pricing".
func DomainList() string {
	names := make([]string, 0, len(Domains()))
	for _, d := range Domains() {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}
