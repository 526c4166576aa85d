package natsbus

import (
	"context"
	"errors"
	"testing"

	"github.com/shopanaio/orchestrator/bus"
	"github.com/shopanaio/orchestrator/internal/testnats"
)

// The contract of library.find as an earlier build has it, and as this one does:
// in between a request got a limit, which may be left out, and an answer a count.
type (
	findBefore struct {
		Title string `json:"title" schema:"required"`
	}
	foundBefore struct {
		Titles []string `json:"titles"`
	}
	find struct {
		Title string `json:"title" schema:"required"`
		Limit int    `json:"limit,omitempty" schema:"maximum=10"`
	}
	found struct {
		Titles []string `json:"titles"`
		Count  *int     `json:"count,omitempty"`
	}
	findStrictly struct {
		Title string `json:"title" schema:"required"`
		Shelf string `json:"shelf" schema:"required"`
	}
)

var (
	before   = bus.NewAction[findBefore, foundBefore]("library.find")
	today    = bus.NewAction[find, found]("library.find")
	stricter = bus.NewAction[findStrictly, found]("library.find")
)

// Builds of two ages talk over NATS, whichever of them serves.
func TestEarlierAndLaterContractsTalk(t *testing.T) {
	t.Run("an earlier caller", func(t *testing.T) {
		url := testnats.Start(t).URL()
		later := newNode(t, url, func(n *bus.Node) {
			today.Handle(n.View("library"), func(_ context.Context, req find) (found, error) {
				if req.Limit != 0 {
					t.Errorf("the limit nobody sent is %d", req.Limit)
				}
				one := 1
				return found{Titles: []string{req.Title}, Count: &one}, nil
			})
		})
		earlier := newNode(t, url, func(*bus.Node) {})
		res, err := before.Call(t.Context(), earlier.View("shop"), findBefore{"Kobzar"})
		if err != nil || len(res.Titles) != 1 || res.Titles[0] != "Kobzar" {
			t.Errorf("got %+v, %v", res, err)
		}
		if here, there := unknown(earlier), unknown(later); here != 1 || there != 0 {
			t.Errorf("messages with unknown fields: %d answers, %d requests; want 1 and 0", here, there)
		}
		if _, err := before.Call(t.Context(), earlier.View("shop"), findBefore{}); bus.CodeOf(err) != bus.InvalidArgument || !bus.IsRemote(err) {
			t.Errorf("an empty title: %v", err)
		}
	})
	t.Run("a later caller", func(t *testing.T) {
		url := testnats.Start(t).URL()
		earlier := newNode(t, url, func(n *bus.Node) {
			before.Handle(n.View("library"), func(_ context.Context, req findBefore) (foundBefore, error) {
				return foundBefore{[]string{req.Title}}, nil
			})
		})
		later := newNode(t, url, func(*bus.Node) {})
		for _, limit := range []int{0, 5} {
			res, err := today.Call(t.Context(), later.View("shop"), find{"Kobzar", limit})
			if err != nil || len(res.Titles) != 1 || res.Count != nil {
				t.Errorf("limit %d: got %+v, %v", limit, res, err)
			}
		}
		if here, there := unknown(later), unknown(earlier); here != 0 || there != 1 {
			t.Errorf("messages with unknown fields: %d answers, %d requests; want 0 and 1", here, there)
		}
	})
	// What a contract should not do: package contracttest refuses it.
	// Proves: B8, B9 (the list of fields crosses)
	t.Run("a callee that demands more", func(t *testing.T) {
		url := testnats.Start(t).URL()
		newNode(t, url, func(n *bus.Node) {
			stricter.Handle(n.View("library"), func(context.Context, findStrictly) (found, error) { return found{}, nil })
		})
		earlier := newNode(t, url, func(*bus.Node) {})
		_, err := before.Call(t.Context(), earlier.View("shop"), findBefore{"Kobzar"})
		var refused *bus.Error
		if !errors.As(err, &refused) || len(refused.Fields()) != 1 || refused.Fields()[0].Field != "shelf" || refused.Fields()[0].Rule != "required" {
			t.Errorf("got %v, want the missing field named", err)
		}
	})
}

func unknown(n *bus.Node) (count uint64) {
	for _, s := range n.Stats() {
		count += s.UnknownFields
	}
	return count
}
