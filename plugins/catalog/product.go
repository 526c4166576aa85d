package catalog

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopanaio/orchestrator/money"
)

//go:embed products.json
var data embed.FS

// The stock statuses there are.
const (
	inStock    = "IN_STOCK"
	outOfStock = "OUT_OF_STOCK"
	preorder   = "PREORDER"
)

// product is one variant that can be bought.
type product struct {
	ID          string
	Title       string
	SKU         string
	ImageURL    string
	Physical    bool
	StockStatus string
	Prices      map[money.Currency]price
}

// price is what one costs now, and before if compareAt is there.
type price struct {
	now       money.Money
	compareAt *money.Money
}

// productEntry is a product as products.json has it, with amounts in major
// units, which people can proofread.
type productEntry struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	SKU         string `json:"sku"`
	ImageURL    string `json:"imageUrl"`
	Physical    bool   `json:"physical"`
	StockStatus string `json:"stockStatus"`
	Prices      map[money.Currency]struct {
		Price     string `json:"price"`
		CompareAt string `json:"compareAt"`
	} `json:"prices"`
}

// readProducts reads the list that is shipped, by id.
func readProducts() (map[string]product, error) {
	list, err := data.ReadFile("products.json")
	if err != nil {
		return nil, fmt.Errorf("the product list is not in the program: %w", err)
	}
	return parseProducts(list)
}

// parseProducts reads a product list by id. The error names the product.
func parseProducts(list []byte) (map[string]product, error) {
	var entries []productEntry
	if err := json.Unmarshal(list, &entries); err != nil {
		return nil, fmt.Errorf("the product list cannot be read: %w", err)
	}
	products := make(map[string]product, len(entries))
	for _, entry := range entries {
		parsed, err := entry.product()
		if err != nil {
			return nil, fmt.Errorf("product %q: %w", entry.ID, err)
		}
		if _, twice := products[entry.ID]; twice {
			return nil, fmt.Errorf("product %q is in the list twice", entry.ID)
		}
		products[entry.ID] = parsed
	}
	return products, nil
}

func (e productEntry) product() (product, error) {
	if e.ID == "" || e.Title == "" || len(e.Prices) == 0 {
		return product{}, fmt.Errorf("id, title and prices must not be empty")
	}
	if statuses := []string{inStock, outOfStock, preorder}; !slices.Contains(statuses, e.StockStatus) {
		return product{}, fmt.Errorf("stockStatus must be one of %q, not %q", statuses, e.StockStatus)
	}
	parsed := product{
		ID: e.ID, Title: e.Title, SKU: e.SKU, ImageURL: e.ImageURL,
		Physical: e.Physical, StockStatus: e.StockStatus,
		Prices: make(map[money.Currency]price, len(e.Prices)),
	}
	for currency, amounts := range e.Prices {
		read, err := parsePrice(amounts.Price, amounts.CompareAt, currency)
		if err != nil {
			return product{}, err
		}
		parsed.Prices[currency] = read
	}
	return parsed, nil
}

func parsePrice(now, compareAt string, currency money.Currency) (price, error) {
	amount, err := money.Parse(now, currency)
	if err != nil {
		return price{}, err
	}
	if amount.IsNegative() {
		return price{}, fmt.Errorf("the price %s is negative", amount)
	}
	if compareAt == "" {
		return price{now: amount}, nil
	}
	before, err := money.Parse(compareAt, currency)
	if err != nil {
		return price{}, err
	}
	return price{now: amount, compareAt: &before}, nil
}
