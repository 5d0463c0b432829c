package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// markerName is the file in a log's folder that records how the log was made. It is written last.
const markerName = "made.json"

// made is the content of a marker: the recipe, and the summary of generate.
type made struct {
	Recipe       string `json:"recipe"`
	Requests     int64  `json:"requests"`
	ChunkLookups int64  `json:"chunk_lookups"`
	UniqueChunks int64  `json:"unique_chunks"`
}

// makeAll makes every log, the large one only on request.
func (l *lab) makeAll(ctx context.Context, large bool) error {
	for _, r := range recipes {
		if r.name == "large" && !large {
			continue
		}
		if _, err := l.log(ctx, r.name); err != nil {
			return err
		}
	}
	return nil
}

// log returns the content of a log. It makes the log unless it is there and by the same recipe.
func (l *lab) log(ctx context.Context, name string) (made, error) {
	r, dir := recipeOf(name), filepath.Join(l.dir, name)
	have, err := readMarker(dir)
	if err != nil || have.Recipe == r.String() {
		return have, err
	}
	var of made
	if r.from != "" {
		if of, err = l.log(ctx, r.from); err != nil {
			return made{}, err
		}
	}
	if err := l.checkRoom(r); err != nil {
		return made{}, err
	}
	fmt.Fprintf(l.progress, "making %s: %s\n", dir, r)
	temporary := filepath.Join(l.dir, "."+name+".tmp")
	defer os.RemoveAll(temporary)
	if of, err = l.fill(ctx, r, of, temporary); err != nil {
		return made{}, fmt.Errorf("making %s: %w", dir, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return made{}, err
	}
	return of, os.Rename(temporary, dir)
}

// readMarker returns the zero made if there is no folder. It refuses a folder without a marker, which bench must not replace.
func readMarker(dir string) (of made, err error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return made{}, nil
	}
	text, err := os.ReadFile(filepath.Join(dir, markerName))
	if errors.Is(err, fs.ErrNotExist) {
		return made{}, fmt.Errorf("%s has no %s, so it was not made here: move it away", dir, markerName)
	}
	if err == nil {
		err = json.Unmarshal(text, &of)
	}
	return of, err
}

// checkRoom refuses to fill the disk.
func (l *lab) checkRoom(r recipe) error {
	const rest = 1 << 30
	if err := os.MkdirAll(l.dir, 0o777); err != nil {
		return err
	}
	if free, known := freeBytes(l.dir); known && free < r.size+rest {
		return fmt.Errorf("%s takes %.1f GB, and %s has %.1f GB left", r.name, float64(r.size)/1e9, l.dir, float64(free)/1e9)
	}
	return nil
}

// fill makes a log in a new folder, the marker last. of is the content of the log that it is made from.
func (l *lab) fill(ctx context.Context, r recipe, of made, dir string) (made, error) {
	if err := os.RemoveAll(dir); err != nil { // left by one that was killed
		return made{}, err
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return made{}, err
	}
	var err error
	switch {
	case r.from == "":
		of, err = l.generate(ctx, r.flags, dir)
	case r.by == shuffling:
		err = l.eachSegment(ctx, r.from, func(_ context.Context, path string) error {
			return shuffleFile(path, filepath.Join(dir, filepath.Base(path)))
		})
	default:
		err = l.eachSegment(ctx, r.from, func(ctx context.Context, path string) error {
			return pack(ctx, r, path, filepath.Join(dir, filepath.Base(path)))
		})
	}
	if err == nil {
		err = settle(dir)
	}
	if err != nil {
		return made{}, err
	}
	of.Recipe = r.String()
	text, err := json.MarshalIndent(of, "", "  ")
	if err != nil {
		return made{}, err
	}
	return of, os.WriteFile(filepath.Join(dir, markerName), append(text, '\n'), 0o666)
}

// settle waits until a folder's files are on disk, so that writing them doesn't slow down the next measurement.
func settle(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		f, err := os.OpenFile(filepath.Join(dir, e.Name()), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return err
}

// generate makes a log with the program's own generator.
func (l *lab) generate(ctx context.Context, flags, dir string) (of made, err error) {
	args := append([]string{"generate", "-o", dir, "--json", "--quiet"}, strings.Fields(flags)...)
	cmd := exec.CommandContext(ctx, l.hashlog, args...)
	cmd.Stderr = l.progress
	text, err := cmd.Output()
	if err != nil {
		return made{}, fmt.Errorf("hashlog generate: %w", err)
	}
	return of, json.Unmarshal(text, &of)
}

// eachSegment calls f with each segment of a log, several at once.
func (l *lab) eachSegment(ctx context.Context, name string, f func(ctx context.Context, path string) error) error {
	paths, err := filepath.Glob(filepath.Join(l.dir, name, "*.jsonl"))
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for _, path := range paths {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return f(ctx, path)
		})
	}
	return group.Wait()
}

// pack compresses a segment with a tool of the system.
func pack(ctx context.Context, r recipe, from, to string) error {
	out, err := os.Create(to + "." + suffixes[r.packer()])
	if err != nil {
		return err
	}
	argv := append(strings.Fields(r.by), "--", from)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout = out
	return errors.Join(cmd.Run(), out.Close())
}
