package contracttest_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/bus/bustest"
	"github.com/shopanaio/orchestrator/bus/contracttest"
)

// price writes any value, and reads few of them, as money.Money does.
type price string

func (p *price) UnmarshalText(text []byte) error {
	if text := string(text); !strings.HasSuffix(text, " USD") {
		return fmt.Errorf("unknown currency in %q", text)
	}
	*p = price(text)
	return nil
}

// forgetful reads nothing.
type forgetful string

func (f *forgetful) UnmarshalText([]byte) error { return nil }

type (
	quote struct {
		ID    string `json:"id"`
		Lines []struct {
			Total map[string]*price `json:"total"`
		} `json:"lines"`
	}
	memo struct {
		Text forgetful `json:"text"`
	}
)

// What the type itself does not read again is refused immediately, with the place and the
// mend, and not only by the test after the one that recorded it.
func TestWhatCouldNeverBeComparedIsNotRecorded(t *testing.T) {
	quoted := bus.NewAction[query, quote]("shop.quote").Example(query{Project: "x"})
	for want, check := range map[string]func(t testing.TB){
		`shop.quote cannot be recorded: the response.lines[0].total.key 2 cannot be read again: it is no contracttest_test.price: unknown currency in "total 3"; ` +
			`that type does not take any value, so give contracttest.Sample with a value of type contracttest_test.price that it takes`: func(t testing.TB) {
			contracttest.Action(t, quoted)
		},
		`shop.quoted cannot be recorded: the payload.lines[0].total.key 2 cannot be read again`: func(t testing.TB) {
			contracttest.Event(t, bus.NewEvent[quote]("shop.quoted").Example(quote{ID: "1"}))
		},
		`shop.noted cannot be recorded: the payload.text was text 1 and reads as ;`: func(t testing.TB) {
			contracttest.Event(t, bus.NewEvent[memo]("shop.noted").Example(memo{}))
		},
		`shop.note cannot be recorded: the example.text was lost and reads as `: func(t testing.TB) {
			contracttest.Action(t, bus.NewAction[memo, query]("shop.note").Example(memo{Text: "lost"}))
		},
	} {
		inTempDir(t)
		for _, update := range []string{"true", "false"} {
			set(t, update)
			r := bustest.Trial(check)
			if !r.Failed || strings.Contains(r.String(), "-update") || !strings.Contains(r.String(), want) {
				t.Errorf("with -update=%s want %q:\n%s", update, want, r)
			}
			if _, err := os.Stat("testdata"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("with -update=%s something was written: %v", update, err)
			}
		}
	}
}

// The mend that the message names ends it: the record is written, and compares.
func TestSampleMakesItComparable(t *testing.T) {
	inTempDir(t)
	sample := contracttest.Sample(price("12 USD"))
	action := bus.NewAction[query, quote]("shop.quote").Example(query{Project: "x"})
	event := bus.NewEvent[quote]("shop.quoted").Example(quote{ID: "1"})
	for _, update := range []string{"true", "false"} {
		set(t, update)
		contracttest.Action(t, action, sample)
		contracttest.Event(t, event, sample)
	}
}
