package deliveryapi

// Item is one line of a cart.
type Item struct {
	// Ref is the caller's name for the item, unique in the request; required.
	Ref string `json:"ref" schema:"required" doc:"the caller's name for the item"`
	// IsPhysical tells whether it has to be brought; absent means that it has
	// not.
	IsPhysical bool `json:"isPhysical"`
	// Quantity is how many; absent means one.
	Quantity int64 `json:"quantity,omitempty" schema:"minimum=1"`
}

// Group is what goes into one delivery.
type Group struct {
	// Refs are the items in it, in the order of the request.
	Refs []string `json:"refs"`
	// Methods are the ways to ship it.
	Methods []ShippingMethod `json:"methods"`
}
