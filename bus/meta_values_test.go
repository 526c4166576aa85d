package bus

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopanaio/orchestrator/bus/internal/baggage"
)

// realm is metadata that the tests of this package share.
var realm = NewMetadata("realm")

var (
	language = NewMetadata("language")
	tenant   = NewMetadata("tenant")
)

func TestMetadataOfAContext(t *testing.T) {
	ctx := t.Context()
	if language.Of(ctx) != "" || Baggage(ctx) != "" {
		t.Error("there is metadata in an empty context")
	}
	if language.With(ctx, "") != ctx {
		t.Error("taking away what is not there makes a context")
	}
	outer := tenant.With(language.With(ctx, "uk"), "a,b; c%")
	inner := language.With(outer, "en")
	gone := language.With(inner, "")
	for _, c := range []struct {
		ctx              context.Context
		language, tenant string
		written          string
	}{
		{outer, "uk", "a,b; c%", "language=uk,tenant=a%2Cb%3B%20c%25"},
		{inner, "en", "a,b; c%", "tenant=a%2Cb%3B%20c%25,language=en"},
		{gone, "", "a,b; c%", "tenant=a%2Cb%3B%20c%25"},
		{tenant.With(gone, ""), "", "", ""},
		{WithRequestID(outer, "r-1"), "uk", "a,b; c%", "language=uk,tenant=a%2Cb%3B%20c%25"},
		{language.With(ctx, "\xff"), "�", "", "language=%EF%BF%BD"},
		{NewMetadata("language").With(outer, "uk"), "uk", "a,b; c%", "language=uk,tenant=a%2Cb%3B%20c%25"},
	} {
		if language.Of(c.ctx) != c.language || tenant.Of(c.ctx) != c.tenant || Baggage(c.ctx) != c.written {
			t.Errorf("got %q, %q, %q; want %q, %q, %q", language.Of(c.ctx), tenant.Of(c.ctx), Baggage(c.ctx), c.language, c.tenant, c.written)
		}
	}
}

// Metadata reaches all calls below and every handler of an event, and what a handler
// adds stays below it.
func TestMetadataGoesWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := quietNode(t, Options{})
		var seen, heard []string // events have a goroutine of their own
		of := func(ctx context.Context) string { return realm.Of(ctx) + " " + language.Of(ctx) }
		note := func(ctx context.Context, where string) { seen = append(seen, where+" "+of(ctx)) }
		e := told("orders.created")
		e.Subscribe(n.View("mail"), func(ctx context.Context, _ ping) error { heard = append(heard, of(ctx)); return nil })
		low := NewAction[ping, ping]("low.do")
		low.Handle(n.View("low"), func(ctx context.Context, p ping) (ping, error) { note(ctx, "low"); return p, nil })
		top := NewAction[ping, ping]("top.do")
		top.Handle(n.View("top"), func(ctx context.Context, p ping) (ping, error) {
			note(ctx, "top")
			_, err := low.Call(language.With(ctx, "en"), n.View("top"), p)
			if err == nil {
				err = e.Emit(ctx, n.View("top"), p)
			}
			note(ctx, "back")
			return p, err
		})
		ctx := realm.With(language.With(t.Context(), "uk"), "demo")
		if _, err := top.Call(ctx, n.View("shop"), ping{}); err != nil {
			t.Fatal(err)
		}
		if err := e.Emit(ctx, n.View("shop"), ping{}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := strings.Join(append(seen, heard...), "; "); got != "top demo uk; low demo en; back demo uk; demo uk; demo uk" {
			t.Errorf("seen and heard %s", got)
		}
	})
}

// Metadata is found above every context that a handler may emit or call with, also
// when observers put values between.
func TestMetadataIsFoundAboveDerivedContexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		n, _ := quietNode(t, Options{Observers: []Observer{{Before: func(ctx context.Context, _ Info) context.Context {
			return context.WithValue(ctx, key{}, 1)
		}}}})
		var seen, heard []string // events have a goroutine of their own
		e := told("orders.created")
		e.Subscribe(n.View("mail"), func(ctx context.Context, _ ping) error { heard = append(heard, realm.Of(ctx)); return nil })
		low := NewAction[ping, ping]("low.do")
		low.Handle(n.View("low"), func(ctx context.Context, p ping) (ping, error) { seen = append(seen, realm.Of(ctx)); return p, nil })
		top := NewAction[ping, ping]("top.do")
		top.Handle(n.View("top"), func(ctx context.Context, p ping) (ping, error) {
			limited, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			for _, ctx := range []context.Context{ctx, limited, WithRequestID(ctx, "r"), context.WithoutCancel(ctx), WhileDraining(ctx)} {
				if err := e.Emit(ctx, n.View("top"), p); err != nil {
					t.Error(err)
				}
				if _, err := low.Call(ctx, n.View("top"), p); err != nil {
					t.Error(err)
				}
			}
			return p, nil
		})
		if _, err := top.Call(realm.With(t.Context(), "demo"), n.View("shop"), ping{}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := strings.Join(append(seen, heard...), " "); got != strings.TrimSpace(strings.Repeat("demo ", 10)) {
			t.Errorf("seen %q", got)
		}
	})
}

func TestTooMuchMetadataIsRefused(t *testing.T) {
	n, _ := quietNode(t, Options{})
	ran := 0
	a := NewAction[ping, ping]("low.do")
	a.Handle(n.View("low"), func(ctx context.Context, p ping) (ping, error) {
		ran++
		_, err := NewAction[ping, ping]("low.other").Call(language.With(ctx, strings.Repeat("x", baggage.MaxSize)), n.View("low"), p)
		return p, err
	})
	e := told("orders.created")
	e.Subscribe(n.View("mail"), func(context.Context, ping) error { ran++; return nil })
	many := t.Context()
	for i := range baggage.MaxMembers + 1 {
		many = NewMetadata(fmt.Sprint("m", i)).With(many, "x")
	}
	long := language.With(t.Context(), strings.Repeat("ї", baggage.MaxSize/6)) // six bytes each, as written
	for name, ctx := range map[string]context.Context{"long": long, "many": many} {
		if _, err := a.Call(ctx, n.View("shop"), ping{}); CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), "its metadata ") {
			t.Errorf("%s: the call ended with %v", name, err)
		}
		if err := e.Emit(ctx, n.View("shop"), ping{}); CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), "its metadata ") {
			t.Errorf("%s: the event ended with %v", name, err)
		}
	}
	if ran != 0 {
		t.Errorf("%d handlers ran", ran)
	}
	if _, err := a.Call(t.Context(), n.View("shop"), ping{}); CodeOf(err) != InvalidArgument || ran != 1 {
		t.Errorf("a nested call with too much: %v", err)
	}
	if c := n.InFlight(); len(c) != 0 {
		t.Errorf("still in flight: %+v", c)
	}
}

func TestBaggageFromOutside(t *testing.T) {
	before := language.With(t.Context(), "uk")
	ctx, err := WithBaggage(before, " tenant = a%2Cb ;ttl=3 , language=en,empty=")
	if err != nil || tenant.Of(ctx) != "a,b" || language.Of(ctx) != "en" {
		t.Errorf("%q, %v", Baggage(ctx), err)
	}
	for _, nothing := range []string{"", ",", " , ,"} {
		if ctx, err := WithBaggage(before, nothing); err != nil || ctx != before {
			t.Errorf("%q: %v", nothing, err)
		}
	}
	for _, bad := range []string{"x", "a b=c", "a=%", "a=%4", "a=%zz", "a=%ff", "=x", "a=1,a=2", "a=" + strings.Repeat("x", baggage.MaxSize), strings.Repeat("a=1,", baggage.MaxSize)} {
		if ctx, err := WithBaggage(before, bad); err == nil || ctx != before {
			t.Errorf("%.20q is accepted as %q", bad, Baggage(ctx))
		}
	}
}

func TestNamesOfMetadata(t *testing.T) {
	if n := NewMetadata("a-1").Name(); n != "a-1" {
		t.Errorf("it is called %s", n)
	}
	for _, bad := range []string{"", "A", "1", "a_b", "a b", strings.Repeat("a", 64)} {
		n, _ := quietNode(t, Options{})
		ctx := language.With(NewMetadata(bad).With(t.Context(), "x"), "uk")
		_, err := NewAction[ping, ping]("low.do").Call(ctx, n.View("shop"), ping{})
		if CodeOf(err) != InvalidArgument || !strings.Contains(err.Error(), "bus/meta_values_test.go:") || !strings.Contains(err.Error(), "small letters") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
