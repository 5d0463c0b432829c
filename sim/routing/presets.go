package routing

import "math"

// The routers of servers. Numbers are those of their present code. Where a router measures what a log does not have, Instead
// says what takes its place.

// readOn is when the sources of all routings were read.
const readOn = "2026-11-28"

// Names of options.
const (
	optCredit   = "credit"
	optScale    = "scale"
	optRequests = "requests"
	optGap      = "gap"
	optRatio    = "ratio"
	optMatch    = "match"
	optSigma    = "sigma"
	optPrefix   = "prefix"
	optUsage    = "usage"
	optQueue    = "queue"
	optTokens   = "tokens"
)

var longestPrefix = kind{
	about: About{
		Name:       "longest-prefix",
		Text:       "the node with the longest match, however busy it is; of equal ones the one with the fewest requests, then by chance",
		Load:       "requests",
		Source:     "the model",
		Date:       readOn,
		CacheAware: true,
	},
	make: func(c config) Router { return &longestPrefixRouter{draws: newDraws(c.Seed)} },
}

var dynamo = kind{
	about: About{
		Name: "dynamo",
		Text: "NVIDIA Dynamo's KV router: the node with the lowest cost = scale × max(0, blocks to prefill − credit × match) + active blocks + requests × active requests; " +
			"equal ones by chance. Blocks to prefill are those of the prompt, cached or not, and those that the node has yet to compute, in tokens over the block size; active blocks are those of the node's requests",
		Load:       "blocks",
		Instead:    "chunks stand for its blocks; a block that several active requests of a node share counts for each of them; no request waits at the router",
		Source:     "ai-dynamo/dynamo, lib/kv-router/src/scheduling/selector/default.rs at 07a6c9c and lib/kv-router/src/scheduling/config.rs at 0243c51",
		Date:       readOn,
		CacheAware: true,
		Options: []Option{
			{Name: optCredit, Text: "overlap_score_credit: what a block costs less that the node holds", Default: 1, Values: partly, Valid: isPart},
			{Name: optScale, Text: "prefill_load_scale: what a block to prefill costs, an active one being 1", Default: 1, Values: notNegative, Valid: isWeight},
			{Name: optRequests, Text: "decode_active_request_weight: what an active request costs", Default: 0, Values: notNegative, Valid: isWeight},
		},
	},
	make: func(c config) Router {
		return &dynamoRouter{credit: c.option(optCredit), scale: c.option(optScale), requests: c.option(optRequests), draws: newDraws(c.Seed)}
	},
}

var sglang = kind{
	about: About{
		Name: "sglang",
		Text: "SGLang's cache-aware policy: if the most loaded node has over gap requests more than the least loaded one, and over ratio times as many, the least loaded; " +
			"else the node with the longest match if that is over match of the prompt; else the least loaded; equal ones by chance",
		Load:       "requests",
		Instead:    "it matches the characters of prompts that it has sent to a node; the tokens of the chunks that the node holds stand for them",
		Source:     "sgl-project/sglang, sgl-model-gateway/src/policies/cache_aware.rs at 053b63f, defaults in bindings/python/sglang_router/router_args.py at 0c02081",
		Date:       readOn,
		CacheAware: true,
		Options: []Option{
			{Name: optGap, Text: "balance_abs_threshold", Default: 64, Values: notNegative, Valid: isWeight},
			{Name: optRatio, Text: "balance_rel_threshold", Default: 1.5, Values: notNegative, Valid: isWeight},
			{Name: optMatch, Text: "cache_threshold", Default: 0.3, Values: partly, Valid: isPart},
		},
	},
	make: func(c config) Router {
		return &sglangRouter{gap: c.option(optGap), ratio: c.option(optRatio), match: c.option(optMatch), draws: newDraws(c.Seed)}
	},
}

var aibrix = kind{
	about: About{
		Name: "aibrix",
		Text: "AIBrix's prefix-cache policy: if the most loaded node has over gap requests more than the least loaded one, only the least loaded count; " +
			"of those that match, the one with the longest match in whole percent, then the fewest requests, among nodes with at most the mean + sigma standard deviations of a sample; " +
			"if there is none, the node with the fewest requests; equal ones by chance",
		Load:       "requests",
		Instead:    "it matches blocks of characters, 4 by default and 128 in the manifests, of prompts that it has sent to a node; the chunks that the node holds stand for them",
		Source:     "vllm-project/aibrix, pkg/plugins/gateway/algorithms/prefix_cache.go at e3e10f9 of 2026-08-22",
		Date:       readOn,
		CacheAware: true,
		Options: []Option{
			{Name: optGap, Text: "AIBRIX_PREFIX_CACHE_POD_RUNNING_REQUEST_IMBALANCE_ABS_COUNT; the manifests that it is shipped with set 16", Default: 8, Values: notNegative, Valid: isWeight},
			{Name: optSigma, Text: "AIBRIX_PREFIX_CACHE_STANDARD_DEVIATION_FACTOR; the manifests set 2", Default: 1, Values: notNegative, Valid: isWeight},
		},
	},
	make: func(c config) Router {
		return &aibrixRouter{gap: c.option(optGap), sigma: c.option(optSigma), draws: newDraws(c.Seed)}
	},
}

var llmd = kind{
	about: About{
		Name: "llm-d",
		Text: "llm-d's scheduler with its precise prefix cache: the node with the highest score = prefix × the matched part of the chunks + usage × the part of the capacity that active requests leave free " +
			"+ queue × how far its queue is below the longest one, from 0 to 1; equal ones by chance",
		Load: "blocks and requests",
		Instead: "chunks stand for its blocks of 64 tokens; the chunks of active requests over the node's capacity stand for the KV-cache usage that a server reports; " +
			"requests whose prompt has yet to be computed stand for its queue",
		Source:     "llm-d/llm-d-router, deploy/config/epp-precise-prefix-cache-config.yaml and pkg/epp/framework/plugins/scheduling at ebab687 of 2026-08-22",
		Date:       readOn,
		CacheAware: true,
		Options: []Option{
			{Name: optPrefix, Text: "weight of prefix-cache-scorer", Default: 2, Values: notNegative, Valid: isWeight},
			{Name: optUsage, Text: "weight of kv-cache-utilization-scorer", Default: 1, Values: notNegative, Valid: isWeight},
			{Name: optQueue, Text: "weight of queue-scorer", Default: 1, Values: notNegative, Valid: isWeight},
		},
	},
	make: func(c config) Router {
		return &llmdRouter{prefix: c.option(optPrefix), usage: c.option(optUsage), queue: c.option(optQueue), capacity: c.NodeChunks, draws: newDraws(c.Seed)}
	},
}

var productionStack = kind{
	about: About{
		Name: "production-stack",
		Text: "vLLM production-stack's kvaware routing: the node with the longest match if at most tokens tokens of the prompt do not match; " +
			"else the node of the session on a consistent hash ring; without a session the node with the fewest requests; the first of equal ones",
		Load:       "requests",
		Instead:    "requests of the load model stand for its requests a second",
		Source:     "vllm-project/production-stack, src/vllm_router/routers/routing_logic.py at a6c01db of 2026-08-05",
		Date:       readOn,
		CacheAware: true,
		Options: []Option{
			{Name: optTokens, Text: "kv-aware-threshold", Default: 2000, Values: notNegative, Valid: isWeight},
		},
	},
	make: func(c config) Router {
		return &productionStackRouter{tokens: c.option(optTokens), ring: newRing(c.nodes)}
	},
}

const (
	partly      = "from 0 to 1"
	notNegative = "0 or more"
)

func isPart(v float64) bool { return v >= 0 && v <= 1 }

func isWeight(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }
