// Package reconcile holds a predicted hit rate against the one that a server measured, and explains the difference.
//
//	result, err := reconcile.Run(ctx, files, reconcile.Options{
//		Options:  analyze.Options{Capacities: []units.Capacity{units.InBytes(512 << 30)}},
//		Measured: series, // of package measured; nil: the log has it
//	})
//
// # The comparison
//
// The prediction is a replay of the logs through the cache that the options describe, with its one capacity. Its hit rate in a window is
// hit tokens / all tokens of the requests in it. Windows are those in which the server counted, joined to at most some two hundred. One
// that the log covers by less than nine tenths is left out, and so is one without tokens on either side. Differences are in points,
// hundredths of a rate, and windows weigh as much as the server counted tokens in them.
//
// # The explanation
//
// A step changes the prediction in one respect (candidates.go):
//
//   - the denominator: all tokens, or those that hashes cover. If the metric says which, only that is tried;
//   - the touch order;
//   - the watermark: that of a server, or none;
//   - the store delay;
//   - the capacity, from 1/16 to 16 times the given one;
//   - the granularity: hits count only in whole units of tokens, or never the last token of a prompt;
//   - retries: a request that is in the log twice counts once, or a share of the requests counts twice, and the second time all of it
//     hits. The share follows from the volume: how many more tokens the server counted than the log has;
//   - requests missing in the log. By the same volume the server had others besides, such as prompts shorter than a chunk, which hit
//     nothing: as many in all windows, or as many as each window lacks.
//
// Errors may cancel each other out: a denominator that makes a prediction too low, and a delay that makes it too high. So steps are not
// tried one after the other. Caches that differ in touch order, watermark and delay are replayed at many capacities, and hits are counted
// in all units at once. The rest is arithmetic on sums by window. Of all combinations, the one with the smallest mean difference is
// taken, with a charge of a tenth of a point for each step. Then capacities and delays closer to the best are tried (search.go).
//
// The search sees only the first half of the windows. The second half judges: a step that gains there less than a tenth of a point beside
// the others, or less than two standard errors, is barred, and the search begins again without it. If all steps together gain no more than
// that, the weakest is barred likewise: two that only make up for each other explain nothing. What is left holds in a time that it
// was not made for. The gains that are reported are those in the second half, each step after those before it, the largest first
// (steps.go).
//
// What fits is not proof. Unlike causes may look alike in one log: a smaller cache and a longer store delay both lower the hit rate.
// Result.Tried has what each step does alone.
package reconcile
