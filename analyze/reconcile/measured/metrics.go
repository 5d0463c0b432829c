package measured

import "strings"

// A Metric is a pair of counters that a server exports to Prometheus, and what the rate of both is.
type Metric struct {
	Server      string // whose it is
	Cache       string // the cache that it measures
	Hit         Selector
	Requested   Selector
	Denominator Denominator
	About       string // what to bear in mind, one or more sentences
	Source      string // where that was looked up, on 2026-11-28: repository and files, with their commits where they are known
}

// A Selector chooses counters: those of a name, all or those whose label has another value than one.
type Selector struct {
	Name       string // as Prometheus stores it
	Label, Not string // "" for all
}

// String returns the selector as PromQL writes it.
func (s Selector) String() string {
	if s.Label == "" {
		return s.Name
	}
	return s.Name + "{" + s.Label + `!="` + s.Not + `"}`
}

// Rate returns the JSON field of our hit rate that has the same denominator, "" if none has.
func (d Denominator) Rate() string {
	switch d {
	case TotalTokens:
		return "token_hit_rate"
	case CacheableTokens:
		return "cacheable_token_hit_rate"
	}
	return ""
}

// Name returns the pair: "hits / requests".
func (m *Metric) Name() string { return m.Hit.String() + " / " + m.Requested.String() }

// Metrics returns the pairs of counters that [Read] knows. docs/metrics.md prints them.
func Metrics() []Metric {
	const (
		lmcache = "LMCache/LMCache: "
		vllm    = "vllm-project/vllm: "
		sources = vllm + "vllm/v1/metrics/loggers.py and stats.py in versions with PromptTokenStats"
	)
	return []Metric{
		{
			Server: "LMCache, multiprocess server", Cache: "LMCache, memory and storage",
			Hit:         Selector{Name: "lmcache_mp_lookup_hit_tokens_total"},
			Requested:   Selector{Name: "lmcache_mp_lookup_requested_tokens_total"},
			Denominator: CacheableTokens,
			About:       "Requested are the complete chunks of a lookup. Lookups that end early count neither.",
			Source:      lmcache + "lmcache/v1/mp_observability/subscribers/metrics/lookup.py (6bdca8e), lmcache/v1/multiprocess/modules/lookup.py (00e8c12)",
		},
		{
			Server: "LMCache, in the engine", Cache: "LMCache, all backends",
			Hit:         Selector{Name: "lmcache:num_lookup_hits_total"},
			Requested:   Selector{Name: "lmcache:num_lookup_tokens_total"},
			Denominator: CacheableTokens,
			About: "Requested are the chunks of a lookup: with save_unfull_chunk (off by default) the tail too. " +
				"Each rank counts the same lookups, which leaves the rate as it is. Asynchronous lookups (enable_async_loading) aren't counted.",
			Source: lmcache + "lmcache/observability.py (0353be8), lmcache/v1/cache_engine.py and config.py (000620e), lmcache/v1/lookup_client/lmcache_lookup_client.py (006bae7)",
		},
		{
			Server: "LMCache, in the engine", Cache: "LMCache, all backends",
			Hit:         Selector{Name: "lmcache:num_hit_tokens_total"},
			Requested:   Selector{Name: "lmcache:num_requested_tokens_total"},
			Denominator: FoundTokens,
			About: "These count retrieves. vLLM retrieves what a lookup found before and its own cache lacks, so their rate is near 100 % " +
				"whatever the hit rate is: use num_lookup_hits and num_lookup_tokens. Only where an engine retrieves without a lookup (SGLang layer by layer), " +
				"requested are the tokens that the engine's cache didn't hold.",
			Source: lmcache + "lmcache/observability.py (0353be8), lmcache/v1/cache_engine.py (000620e), lmcache/integration/vllm/vllm_v1_adapter.py (0043281)",
		},
		{
			Server: "vLLM", Cache: "blocks on the GPU",
			Hit:         Selector{Name: "vllm:prefix_cache_hits_total"},
			Requested:   Selector{Name: "vllm:prefix_cache_queries_total"},
			Denominator: TotalTokens,
			About: "Of a prompt that is cached whole, vLLM computes the last token, hence its block, again. Preempted requests don't count. " +
				"Older versions counted a waiting request at each attempt to schedule it.",
			Source: vllm + "vllm/v1/core/kv_cache_manager.py (003df29), vllm/v1/metrics/stats.py (28ed1fb)",
		},
		{
			Server: "vLLM", Cache: "behind the GPU: a KV connector such as LMCache",
			Hit:         Selector{Name: "vllm:external_prefix_cache_hits_total"},
			Requested:   Selector{Name: "vllm:external_prefix_cache_queries_total"},
			Denominator: RemainingTokens,
			About:       "Requested are the tokens of a request less those on the GPU, hit are those that the connector has beyond them.",
			Source:      vllm + "vllm/v1/core/sched/scheduler.py (00024d3)",
		},
		{
			Server: "vLLM", Cache: "the GPU and a KV connector together",
			Hit:         Selector{"vllm:prompt_tokens_by_source_total", "source", "local_compute"},
			Requested:   Selector{Name: "vllm:prompt_tokens_by_source_total"},
			Denominator: TotalTokens,
			About: "Each request counts once, when its first token is there. A decode instance of disaggregated serving counts " +
				"what the prefill instance sent as external_kv_transfer.",
			Source: sources,
		},
		{
			Server: "vLLM", Cache: "the GPU and a KV connector together",
			Hit:         Selector{Name: "vllm:prompt_tokens_cached_total"},
			Requested:   Selector{Name: "vllm:prompt_tokens_total"},
			Denominator: TotalTokens,
			About:       "The sums of vllm:prompt_tokens_by_source_total.",
			Source:      sources,
		},
		{
			Server: "SGLang", Cache: "all levels: device, host and storage",
			Hit:         Selector{Name: "sglang:cached_tokens_total"},
			Requested:   Selector{Name: "sglang:prompt_tokens_total"},
			Denominator: TotalTokens,
			About:       "Both count when a request has finished, which may be minutes after its lookup.",
			Source:      "sgl-project/sglang: python/sglang/srt/observability/metrics_collector.py (016d860)",
		},
	}
}

// noTokens says of metrics that look like hit rates why they aren't read.
var noTokens = map[string]string{
	"sglang:cache_hit_rate":                   "is a ratio of the last interval, not tokens",
	"lmcache:retrieve_hit_rate":               "is a ratio of the last interval, not tokens",
	"lmcache:lookup_hit_rate":                 "is a ratio of the last interval, not tokens",
	"vllm:gpu_prefix_cache_hit_rate":          "is a ratio, not tokens",
	"vllm:cpu_prefix_cache_hit_rate":          "is a ratio, not tokens",
	"vllm:gpu_prefix_cache_hits_total":        "counts blocks in older versions of vLLM, not tokens",
	"vllm:gpu_prefix_cache_queries_total":     "counts blocks in older versions of vLLM, not tokens",
	"dynamo_component_router_kv_hit_rate":     "is what a router predicts, as a ratio",
	"lmcache_mp_lookup_hit_l1_tokens_total":   "is a part of lmcache_mp_lookup_hit_tokens_total",
	"lmcache_mp_lookup_hit_l2_tokens_total":   "is a part of lmcache_mp_lookup_hit_tokens_total",
	"vllm:prompt_tokens_recomputed_total":     "is a part of vllm:prompt_tokens_total",
	"sglang:uncached_prompt_tokens_histogram": "is a histogram, not a counter",
}

// chosen returns the counters of a selector.
func (s Selector) chosen(counters []*counter) (chosen []*counter) {
	for _, c := range counters {
		if sameName(c.name, s.Name) && (s.Label == "" || c.labels[s.Label] != s.Not) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// sameName reports whether two metrics are the same. Collectors on the way to Prometheus may write a colon as an underscore, and
// add or take off the suffix of counters.
func sameName(a, b string) bool { return plainName(a) == plainName(b) }

func plainName(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(name, ":", "_"), "_total")
}
