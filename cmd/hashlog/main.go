// Command hashlog replays the lookup-hash logs of KV-cache servers through LRU caches of every capacity at once. See
// `hashlog --help`.
package main

import "os"

func main() {
	survivePipes()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
