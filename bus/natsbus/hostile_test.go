package natsbus

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"github.com/shopanaio/orchestrator/bus"
)

// A message may make the receiver allocate so many times its size, and a little more.
const (
	maxFactor = 4
	little    = 256 << 10
)

// allocated is how many bytes f allocates. More than most is tried again: others
// allocate meanwhile.
func allocated(most uint64, f func()) (bytes uint64) {
	for range 4 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if bytes = after.TotalAlloc - before.TotalAlloc; bytes <= most {
			break
		}
	}
	return bytes
}

// wireSize is what a message takes to send, without its subjects.
func wireSize(msg *nats.Msg) uint64 { return uint64(payload(msg)) }

// frugal reports whether receiving a message costs no more than it may.
func frugal(t *testing.T, msg *nats.Msg, receive func()) (bytes uint64) {
	t.Helper()
	most := maxFactor*wireSize(msg) + little
	if bytes = allocated(most, receive); bytes > most {
		t.Errorf("a message of %d bytes made the receiver allocate %d, at most %d are allowed", wireSize(msg), bytes, most)
	}
	return bytes
}

// weighed is a request without lists or maps: those cost what their elements do.
type weighed struct {
	Text string `json:"text"`
	Size int    `json:"size"`
	Deep *struct {
		Text string `json:"text"`
	} `json:"deep"`
}

var (
	weigh = bus.NewAction[weighed, int]("oracle.weigh")
	heard = bus.NewEvent[weighed]("oracle.heard")
	list  = bus.NewAction[listed, int]("oracle.list")
)

// listed is a request with both.
type listed struct {
	Lines []weighed         `json:"lines"`
	Attrs map[string]string `json:"attrs"`
}

// receiver is a node that gets what comes over NATS without a connection.
type receiver struct {
	transport *transport
	inlet     *inlet
}

func newReceiver(t testing.TB) *receiver {
	t.Helper()
	k := &keeper{}
	n := bus.NewNode(bus.Options{Transport: k, Logger: slog.New(slog.DiscardHandler)})
	weigh.Handle(n.View("oracle"), func(_ context.Context, w weighed) (int, error) { return len(w.Text), nil })
	list.Handle(n.View("oracle"), func(_ context.Context, l listed) (int, error) { return len(l.Lines) + len(l.Attrs), nil })
	heard.Subscribe(n.View("oracle"), func(context.Context, weighed) error { return nil })
	if err := n.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	tr := &transport{config: Config{}.withDefaults(), node: n}
	tr.callers.node = n
	return &receiver{transport: tr, inlet: &inlet{transport: tr, interest: k.interest}}
}

// serve is what a request costs, its answer included.
func (r *receiver) serve(msg *nats.Msg, action string) {
	a := &arrival{envelope: parseEnvelope(msg.Header), msg: msg, endpoint: &endpoint{action: action}}
	if _, err := r.transport.dispatch(a); err != nil {
		_ = failed(err).Size()
	}
}

// hear is what an event costs.
func (r *receiver) hear(msg *nats.Msg) {
	msg.Subject = r.transport.eventSubject("oracle.heard", false)
	r.inlet.receive(msg, false)
}

// hostile are bodies that cost as much as can be, by size.
func hostile(size int) map[string]string {
	fill := func(part string) string { return strings.Repeat(part, size/len(part)) }
	return map[string]string{
		"a text":                  `{"text":"` + fill("x") + `"}`,
		"escapes":                 `{"text":"` + fill(`\u0000`) + `"}`,
		"no UTF-8":                `{"text":"` + fill("\xff") + `"}`,
		"a number":                `{"size":` + fill("1") + `}`,
		"a number for a text":     `{"text":` + fill("1") + `}`,
		"a fraction":              `{"size":0.` + fill("0") + `1}`,
		"a name":                  `{"` + fill("k") + `":1}`,
		"names":                   `{` + fill(`"kkkkkk":0,`) + `"k":0}`,
		"a field, again":          `{` + fill(`"text":"x",`) + `"k":0}`,
		"an object, again":        `{` + fill(`"deep":{},"deep":null,`) + `"k":0}`,
		"zeros":                   `[` + fill(`0,`) + `0]`,
		"zeros in an unknown one": `{"k":[` + fill(`0,`) + `0]}`,
		"objects":                 `{"k":[` + fill(`{},`) + `0]}`,
		"deep lists":              fill(`[`),
		"deep lists, closed":      fill(`[`) + fill(`]`),
		"deep in an unknown one":  `{"k":` + strings.Repeat(`[`, min(size/2, 9990)) + strings.Repeat(`]`, min(size/2, 9990)) + `}`,
		"deep objects":            fill(`{"deep":`),
		"spaces":                  fill(" "),
		"zero bytes":              fill("\x00"),
		"quotes":                  fill(`"`),
		"backslashes":             `{"text":"` + fill(`\\`) + `"}`,
	}
}

// hostileHeaders are headers that cost as much as can be.
func hostileHeaders() map[string]nats.Header {
	headers := map[string]nats.Header{"none": nil}
	for name, value := range map[string]string{
		"1 MiB": strings.Repeat("x", 1<<20), "10,000 separators": strings.Repeat(";", 10_000), "10,000 commas": ";;;" + strings.Repeat(",", 10_000),
		"as many separators as are read": strings.Repeat(";", maxEnvelope), "a long id": "1000000;shop;" + strings.Repeat("i", maxEnvelope-13),
		"as many commas as are read": "n;shop;r;" + strings.Repeat(",", maxNotice-9), "8,000 separators": strings.Repeat(";", maxNotice),
		"names": "n;shop;r;" + strings.Repeat("a,", maxServed/2), "a long emitter": "n;" + strings.Repeat("e", maxNotice-10) + ";r;",
	} {
		headers[name] = nats.Header{
			callHeader: {value}, eventHeader: {value}, "traceparent": {value}, "baggage": {value},
			micro.ErrorCodeHeader: {value}, micro.ErrorHeader: {value},
		}
	}
	return headers
}

// Proves: R-53 (what a message makes its receiver allocate is bounded: decoding it
// and answering it, a request, an event and an answer with an error.)
func TestHostileMessagesAreCheap(t *testing.T) {
	r := newReceiver(t)
	worst, by := 0.0, ""
	try := func(name string, msg *nats.Msg) {
		for kind, receive := range map[string]func(){
			"request": func() { r.serve(msg, "oracle.weigh") },
			"event":   func() { r.hear(msg) },
			"answer":  func() { _ = failure(msg) },
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				bytes := frugal(t, msg, receive)
				if factor := float64(bytes) / float64(wireSize(msg)); wireSize(msg) > little && factor > worst {
					worst, by = factor, kind+" "+name
				}
			})
		}
	}
	cases := 0
	for _, size := range []int{4 << 10, 16 << 10, 17 << 10, 1 << 20} {
		for name, body := range hostile(size) {
			cases++
			try(fmt.Sprint(name, " ", size), &nats.Msg{Data: []byte(body), Header: nats.Header{micro.ErrorCodeHeader: {"500"}}})
		}
	}
	for name, header := range hostileHeaders() {
		cases++
		try("header "+name, &nats.Msg{Data: []byte(`{"text":"x"}`), Header: header})
	}
	t.Logf("FIGURE R-53 messages=%d kinds=3 worst_factor=%.2f by=%q", cases, worst, by)
}

// A list and a map cost what their elements do, which the contract decides: this is a
// figure, and no promise.
func TestHostileListsCostTheirElements(t *testing.T) {
	r := newReceiver(t)
	var keys strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, `"%x":"",`, i)
	}
	for name, body := range map[string]string{
		"list": `{"lines":[` + strings.Repeat(`{},`, 1<<20/3) + `{}]}`,
		"map":  `{"attrs":{` + keys.String() + `"":""}}`,
	} {
		msg := &nats.Msg{Data: []byte(body)}
		bytes := allocated(0, func() { r.serve(msg, "oracle.list") })
		t.Logf("FIGURE R-53.%s bytes=%d factor=%.1f", name, len(body), float64(bytes)/float64(len(body)))
	}
}

// More names than are read are no reason to lose the rest of the header.
func TestNoticeOfManyServices(t *testing.T) {
	served := make([]string, maxServed)
	for i := range served {
		served[i] = fmt.Sprint("s", i)
	}
	for _, n := range []int{0, 1, maxServed} {
		sent := bus.Publication{Node: "n", Emitter: "shop", RequestID: "r", Served: served[:n]}
		var got bus.Publication
		if parseNotice(notice(sent), &got); got.Emitter != "shop" || !slices.Equal(got.Served, sent.Served) {
			t.Errorf("%d names: read back as %+v", n, got)
		}
	}
}
