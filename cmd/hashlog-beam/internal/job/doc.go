// Package job is the pipeline of hashlog-beam: what the caches of many nodes hit, each by itself and as one pool.
//
// Its elements are places in a [Plan] and names of files, never records. A [Plan] lists the nodes and the times at which the logs are cut
// into parts. The pipeline replays each part of each node into a summary, and each part of all nodes together into another, and writes
// these into a folder that all workers share. Then it joins them:
//
//	plan ─┬─► parts of nodes ─► summaries ─► a summary a node, part after part (Then) ─┬─► nodes/NAME.sum
//	      │                                                                            └─► apart.sum (Beside) ──┐
//	      └─► parts of all ──► summaries ─► joined in order, sixteen at a time (Then) ────► pooled.sum ─────────┴─► fleet.csv
//
//	plan.go      what there is to do
//	nodes.go     folders by patterns, and the names of nodes
//	settings.go  how logs are replayed
//	pipeline.go  the transforms above
//	summarize.go from logs to a summary
//	join.go      from summaries to one
//	finish.go    what goes into the output folder
//	table.go     fleet.csv
//
// A file of the shared folder has a name made of what it depends on: the logs and their bytes, the times, the settings. So a bundle
// that is repeated finds its file, and so does a job that is started again after a failure.
package job
