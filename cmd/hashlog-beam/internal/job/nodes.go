package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"hashlog/log"
	"hashlog/log/s3"
)

// Node is a server whose logs are in a folder.
type Node struct {
	Name   string // of its files
	Source string // the folder, or s3://bucket/prefix
}

// nodesOf returns the nodes of folders. Their names are paths below the deepest folder that holds all of them.
func nodesOf(sources []string) []Node {
	paths := make([][]string, len(sources))
	for i, source := range sources {
		clean := strings.TrimPrefix(path.Clean(filepath.ToSlash(source)), "/")
		paths[i] = strings.Split(clean, "/")
	}
	above := len(paths[0]) - 1
	for _, p := range paths {
		above = min(above, len(p)-1)
		for i := range above {
			if p[i] != paths[0][i] {
				above = i
				break
			}
		}
	}
	nodes := make([]Node, len(sources))
	for i, source := range sources {
		nodes[i] = Node{strings.Join(paths[i][above:], "/"), source}
	}
	return nodes
}

// folders returns the folders that patterns match, each an argument of [log.Find].
func folders(ctx context.Context, patterns []string) (found []string, err error) {
	if len(patterns) == 0 {
		return nil, errors.New("no logs given: name a folder a node, or a pattern that matches them")
	}
	var store *s3.Store
	for _, pattern := range patterns {
		var some []string
		if s3.Is(pattern) {
			if store == nil {
				if store, err = s3.Open(ctx); err != nil {
					return nil, err
				}
				defer store.CloseIdle()
			}
			some, err = prefixes(ctx, store, pattern)
		} else {
			some, err = directories(pattern)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return found, nil
}

// directories returns the folders of a file system that match.
func directories(pattern string) ([]string, error) {
	found := []string{pattern}
	if _, err := os.Stat(pattern); err != nil {
		if found, err = filepath.Glob(pattern); err != nil {
			return nil, fmt.Errorf("%s: %w", log.Quoted(pattern), err)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: nothing matches", log.Quoted(pattern))
	}
	for i, name := range found {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("%s is no folder: a node is a folder of logs", log.Quoted(name))
		}
		if found[i], err = filepath.Abs(name); err != nil { // a worker runs elsewhere
			return nil, err
		}
	}
	return found, nil
}

// prefixes returns the folders of an object store that match.
func prefixes(ctx context.Context, store *s3.Store, pattern string) ([]string, error) {
	u, err := s3.Parse(pattern)
	if err != nil {
		return nil, err
	}
	if !u.IsPattern() {
		return []string{u.Folder().String()}, nil
	}
	matches, err := store.Glob(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", log.Quoted(pattern), err)
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("%s: nothing matches", log.Quoted(pattern))
	}
	var found []string
	for _, m := range matches {
		if m.Object != nil {
			return nil, fmt.Errorf("%s is no folder: a node is a folder of logs", log.Quoted(m.URL.String()))
		}
		found = append(found, m.URL.String())
	}
	return found, nil
}
