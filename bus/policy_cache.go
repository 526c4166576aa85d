package bus

import (
	"cmp"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"sync"
	"time"
)

// CachePolicy says how long responses are kept and how many.
type CachePolicy struct {
	// TTL is how long a response answers later calls. Default: 1 minute.
	TTL time.Duration
	// MaxEntries is how many responses are kept; beyond it the one that was not asked
	// for the longest goes. Default: 1,000.
	MaxEntries int
	// Vary gives what the response depends on beside the request, from the caller's
	// context: a language. Default: nothing.
	Vary func(ctx context.Context) string
}

// Cache answers a call from memory when the same request was answered before. Two
// requests are the same if their JSON is (fields in the order of the type, keys of
// maps sorted) and Vary gives the same. Callers that
// ask the same at the same time share one call (single flight): they get its response or
// its error, each a copy, unless its own caller could wait no longer (its deadline or its
// cancellation), upon which the next of them calls.
//
// Only responses are kept, no errors, and each caller gets a copy of its own unless
// the action is Shared. While the node drains or the service is held, the cache
// does not answer. Only an action that is declared Idempotent may be called so; what
// it answers may be as old as TTL.
func Cache(p CachePolicy) Policy {
	wrong := limits{policy: "Cache"}
	wrong.atLeastZero("TTL", p.TTL >= 0, p.TTL)
	wrong.atLeastZero("MaxEntries", p.MaxEntries >= 0, p.MaxEntries)
	p.TTL = cmp.Or(p.TTL, time.Minute)
	p.MaxEntries = cmp.Or(p.MaxEntries, 1000)
	return Policy{cache: &p, problem: wrong.problem()}
}

// cacheKey is a digest of what makes requests the same. Keys are as small as that,
// and hold nothing that was in a request.
type cacheKey [sha256.Size]byte

// key makes the key of a request.
func (p *CachePolicy) key(ctx context.Context, req any) (cacheKey, error) {
	body, err := json.Marshal(req)
	if err != nil {
		return cacheKey{}, err
	}
	vary := ""
	if p.Vary != nil {
		vary = p.Vary(ctx)
	}
	whole := make([]byte, 0, len(body)+len(vary)+16)
	whole = binary.AppendUvarint(whole, uint64(len(vary))) // so that it ends where it ends
	whole = append(whole, vary...)
	return sha256.Sum256(append(whole, body...)), nil
}

// keyed is the key of a trip's request. It runs code of its type and of the policy.
func (p *CachePolicy) keyed(t *trip, req any) (key cacheKey, err error) {
	defer t.edge.rescue(t.ctx, &err)
	if key, err = p.key(t.ctx, req); err != nil {
		err = t.edge.fail(InvalidArgument, "the request cannot be sent: "+err.Error())
	}
	return key, err
}

// cache is a CachePolicy at work for an action that responds with Res.
type cache[Res any] struct {
	*CachePolicy

	out    border[Res]
	shards []cacheShard[Res]
}

// cacheShard holds the responses whose keys begin alike.
type cacheShard[Res any] struct {
	mu      sync.Mutex
	room    int
	entries map[cacheKey]*list.Element // of *entry[Res]
	recent  list.List                  // the one that was asked for last in front
	flights map[cacheKey]*flight[Res]
	CacheStats
}

type entry[Res any] struct {
	key     cacheKey
	res     *Res // nobody changes it: callers get copies
	expires int64
}

// flight is a call that several callers wait for.
type flight[Res any] struct {
	landed chan struct{}
	res    *Res
	err    *Error // with neither, its caller could not wait for it
}

const (
	shardRoom = 64 // entries that are worth a lock of their own
	maxShards = 16
)

func newCache[Res any](p *CachePolicy, out border[Res]) *cache[Res] {
	c := &cache[Res]{CachePolicy: p, out: out}
	c.shards = make([]cacheShard[Res], min(max(p.MaxEntries/shardRoom, 1), maxShards))
	for i := range c.shards {
		s := &c.shards[i]
		s.room = p.MaxEntries / len(c.shards)
		if i < p.MaxEntries%len(c.shards) {
			s.room++
		}
		s.entries, s.flights = map[cacheKey]*list.Element{}, map[cacheKey]*flight[Res]{}
	}
	return c
}

func (c *cache[Res]) shard(key cacheKey) *cacheShard[Res] {
	return &c.shards[int(key[0])%len(c.shards)]
}

// find gives the response to key, or the flight that brings it; first means that
// the caller is to fly.
func (s *cacheShard[Res]) find(key cacheKey, now int64) (res *Res, f *flight[Res], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if place := s.entries[key]; place != nil {
		if e, _ := place.Value.(*entry[Res]); now < e.expires {
			s.recent.MoveToFront(place)
			s.Hits++
			return e.res, nil, false
		}
		s.drop(place)
	}
	if f = s.flights[key]; f != nil {
		s.Shared++
		return nil, f, false
	}
	f = &flight[Res]{landed: make(chan struct{})}
	s.flights[key] = f
	s.Misses++
	return nil, f, true
}

// land ends a flight, and keeps what it brought.
func (s *cacheShard[Res]) land(key cacheKey, f *flight[Res], expires int64) {
	s.mu.Lock()
	delete(s.flights, key)
	if f.res != nil {
		if s.recent.Len() >= s.room {
			s.drop(s.recent.Back())
		}
		s.entries[key] = s.recent.PushFront(&entry[Res]{key: key, res: f.res, expires: expires})
	}
	s.mu.Unlock()
	close(f.landed)
}

func (s *cacheShard[Res]) drop(place *list.Element) {
	e, _ := s.recent.Remove(place).(*entry[Res])
	delete(s.entries, e.key)
}

// cached answers from memory, or waits for who is asking, or asks.
func (a *Action[Req, Res]) cached(t *trip, c *cache[Res], req Req) (res Res, err error) {
	key, err := c.keyed(t, req)
	if err != nil {
		return res, t.refuse(err)
	}
	s := c.shard(key)
	for {
		found, f, first := s.find(key, t.edge.node.now())
		switch {
		case found != nil:
			return c.give(t, *found)
		case first:
			return a.fly(t, c, key, f, req)
		}
		if err := t.wait(f.landed); err != nil {
			return res, t.refuse(err)
		}
		switch {
		case f.res != nil:
			return c.give(t, *f.res)
		case f.err != nil:
			return res, f.err.clone()
		}
	}
}

// fly makes the call that the others wait for.
func (a *Action[Req, Res]) fly(t *trip, c *cache[Res], key cacheKey, f *flight[Res], req Req) (Res, error) {
	defer func() { c.shard(key).land(key, f, after(t.edge.node.now(), c.TTL)) }()
	res, err := a.attempts(t, req)
	why := err
	if err == nil {
		var kept Res
		if kept, why = c.copy(t, res); why == nil {
			f.res = &kept
			return res, nil
		}
	}
	if ours, ok := why.(*Error); ok && !t.over() { //nolint:errorlint // a call returns nothing else, unwrapped
		f.err = ours.clone()
	}
	return res, err
}

// give makes the copy that a caller gets.
func (c *cache[Res]) give(t *trip, res Res) (Res, error) {
	own, err := c.copy(t, res)
	if err != nil {
		return own, t.refuse(err)
	}
	return own, nil
}

func (c *cache[Res]) copy(t *trip, res Res) (_ Res, err error) {
	if !c.out.active {
		return res, nil
	}
	defer t.edge.rescue(t.ctx, &err)
	if res, err = c.out.cross(res); err != nil {
		err = t.edge.unsendable(t.ctx, err)
	}
	return res, err
}

func (c *cache[Res]) report(s *PolicyStats) {
	if s.Cache == nil {
		s.Cache = &CacheStats{}
	}
	for i := range c.shards {
		shard := &c.shards[i]
		shard.mu.Lock()
		s.Cache.Hits += shard.Hits
		s.Cache.Misses += shard.Misses
		s.Cache.Shared += shard.Shared
		s.Cache.Entries += shard.recent.Len()
		shard.mu.Unlock()
	}
}
