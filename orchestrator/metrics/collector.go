package metrics

import "github.com/prometheus/client_golang/prometheus"

// collector is a prometheus.Collector of figures that are read when a scrape asks for them, and not before.
type collector struct {
	constant prometheus.Labels
	all      []*prometheus.Desc
	read     func(out sink)
}

// describe adds a metric; its description does not change.
func (c *collector) describe(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc(name, help, labels, c.constant)
	c.all = append(c.all, d)
	return d
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.all {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) { c.read(out) }

// sink takes the metrics of one scrape.
type sink chan<- prometheus.Metric

func (out sink) counter(d *prometheus.Desc, n uint64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func (out sink) gauge(d *prometheus.Desc, v float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func truth(v bool) float64 {
	if v {
		return 1
	}
	return 0
}
