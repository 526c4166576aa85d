// Package novaposhta is the provider novaposhta: shipping by the Ukrainian carrier Nova Poshta,
// and payment in cash on delivery by them.
package novaposhta
