package money_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopanaio/orchestrator/money"
)

func Example() {
	price := money.Of(4999, "USD")
	subtotal, err := price.Mul(3)
	if err != nil {
		panic(err)
	}
	discount, err := subtotal.Percent(10)
	if err != nil {
		panic(err)
	}
	total, err := subtotal.Sub(discount)
	if err != nil {
		panic(err)
	}
	fmt.Println(subtotal, "-", discount, "=", total)
	// Output: 149.97 USD - 14.99 USD = 134.98 USD
}

func ExampleParse() {
	for _, currency := range []money.Currency{"USD", "JPY", "KWD"} {
		m, err := money.Parse("1500", currency)
		if err != nil {
			panic(err)
		}
		fmt.Println(m.Amount, m)
	}
	_, err := money.Parse("9.999", "USD")
	fmt.Println(err)
	// Output:
	// 150000 1500.00 USD
	// 1500 1500 JPY
	// 1500000 1500.000 KWD
	// read amount "9.999": too many fraction digits, USD has 2
}

func ExampleMoney_Add() {
	_, err := money.Of(500, "USD").Add(money.Of(500, "EUR"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, money.ErrCurrencyMismatch))
	// Output:
	// add 5.00 EUR to 5.00 USD: currencies differ
	// true
}

func ExampleMoney_Percent() {
	subtotal := money.Of(33333, "USD")
	ten, err := subtotal.Percent(10)
	if err != nil {
		panic(err)
	}
	fifty, err := subtotal.Percent(50)
	if err != nil {
		panic(err)
	}
	fmt.Println(ten, fifty)
	// Output: 33.33 USD 166.66 USD
}

func ExampleMoney_Decimal() {
	fmt.Println(money.Of(-5, "USD").Decimal())
	// Output: -0.05
}

func ExampleMoney_UnmarshalJSON() {
	var m money.Money
	fmt.Println(json.Unmarshal([]byte(`{"amount":10000,"currency":"USD"}`), &m), m)
	fmt.Println(json.Unmarshal([]byte(`{"amount":100.00,"currency":"USD"}`), &m))
	// Output:
	// <nil> 100.00 USD
	// malformed amount: amount 100.00 is no whole number of minor units
}

func ExampleSum() {
	fmt.Println(money.Sum("EUR", money.Of(199, "EUR"), money.Of(1, "EUR")))
	fmt.Println(money.Sum("EUR"))
	// Output:
	// 2.00 EUR <nil>
	// 0.00 EUR <nil>
}

func ExampleParseCurrency() {
	_, err := money.ParseCurrency("usd")
	fmt.Println(err)
	// Output: unknown currency "usd": write USD
}
