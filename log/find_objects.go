package log

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"hashlog/log/internal/source"
	"hashlog/log/s3"
)

// addURL adds what s3://bucket/key names: an object, or else the logs in the folder of that name.
// Each match of a pattern counts as an argument of its own, as if a shell had expanded it.
func (f *finder) addURL(ctx context.Context, arg string) error {
	u, err := s3.Parse(arg)
	if err != nil {
		return err
	}
	if f.store == nil {
		if f.store, err = s3.Open(ctx); err != nil {
			return source.Named(arg, err)
		}
		f.objects = make(map[string]*source.Log)
	}
	if !u.IsPattern() {
		return f.noteIfEmpty(f.addAt(ctx, u))
	}
	matches, err := f.store.Glob(ctx, u)
	if err != nil {
		return source.Named(arg, err)
	}
	if len(matches) == 0 {
		return source.Named(arg, errors.New("nothing matches"))
	}
	return f.addMatches(ctx, matches)
}

// objectsAtOnce is how many objects or folders to ask for at once: they take time to answer, not to
// read.
const objectsAtOnce = 16

// addMatches adds objects, and the logs in folders. It lists the folders side by side.
func (f *finder) addMatches(ctx context.Context, matches []s3.Match) error {
	folders := make([]objectFolder, len(matches))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(objectsAtOnce)
	for i, match := range matches {
		if match.Object == nil {
			group.Go(func() (err error) {
				folders[i], err = listObjects(ctx, f.store, match.URL)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, match := range matches {
		f.arg = match.URL.String()
		if match.Object != nil {
			f.keep(objectLog(match.Object))
		} else if err := f.noteIfEmpty(f.addObjects(folders[i])); err != nil {
			return err
		}
	}
	return nil
}

// addAt adds an object, or else the logs in a folder. Credentials that may not know of an object
// may still list the folder.
func (f *finder) addAt(ctx context.Context, u s3.URL) error {
	var denied error
	if !u.IsFolder() {
		object, err := f.store.Stat(ctx, u)
		switch {
		case err == nil:
			f.keep(objectLog(object))
			return nil
		case errors.Is(err, s3.ErrDenied):
			denied = source.Named(u.String(), err)
		case !errors.Is(err, s3.ErrGone):
			return source.Named(u.String(), err)
		}
	}
	folder, err := listObjects(ctx, f.store, u)
	switch {
	case err != nil:
		return err
	case denied != nil && folder.isMissing():
		return denied
	}
	return f.addObjects(folder)
}

func objectLog(o *s3.Object) *source.Log { return &source.Log{Path: o.URL.String(), Object: o} }

// objectFolder is what a folder of an object store holds.
type objectFolder struct {
	url    s3.URL
	logs   []*source.Log
	others objectsElse
}

func listObjects(ctx context.Context, store *s3.Store, u s3.URL) (objectFolder, error) {
	folder := objectFolder{url: u}
	for entry, err := range store.List(ctx, u) {
		switch {
		case err != nil:
			return folder, source.Named(u.String(), err)
		case entry.Object != nil && isLogName(entry.Name):
			folder.logs = append(folder.logs, objectLog(entry.Object))
		default:
			folder.others.add(entry)
		}
	}
	return folder, nil
}

// isMissing reports whether the folder holds nothing. Then it does not exist.
func (o *objectFolder) isMissing() bool { return len(o.logs) == 0 && len(o.others.all) == 0 }

// addObjects adds the logs in a folder.
func (f *finder) addObjects(folder objectFolder) error {
	if len(folder.logs) == 0 {
		return folder.others.noLogs(folder.url)
	}
	f.keepFolder(folder.logs)
	return nil
}

// objectsElse are the first names in a folder that are no logs by their names.
type objectsElse struct{ folders, logs, all []string }

func (o *objectsElse) add(entry s3.Entry) {
	const most = 4 // one more than are shown
	keep := func(names *[]string) {
		if len(*names) < most {
			*names = append(*names, Quoted(entry.Name))
		}
	}
	keep(&o.all)
	switch {
	case entry.Object == nil:
		keep(&o.folders)
	case strings.HasSuffix(source.Stem(entry.Name), ".jsonl"):
		keep(&o.logs)
	}
}

// noLogs returns an error that says what a folder holds instead of logs. One that holds nothing
// does not exist.
func (o *objectsElse) noLogs(u s3.URL) error {
	const most = 3
	if len(o.all) == 0 {
		if u.IsFolder() {
			return source.Named(u.String(), errors.New("there is no object in this folder"))
		}
		return source.Named(u.String(), errors.New("there is no object and no folder of this name"))
	}
	text := fmt.Sprintf("%s: no %s (.gz, .zst) in this folder", Quoted(u.String()), SegmentPattern)
	if len(o.folders) > 0 {
		text += fmt.Sprintf("; it holds folders (%s): name one, or %s for all", strings.Join(someNames(o.folders, most), ", "), shellWord(u.Join("*/").String()))
	}
	if len(o.logs) > 0 {
		text += fmt.Sprintf("; to read its other logs (%s), name them as arguments", strings.Join(someNames(o.logs, most), ", "))
	}
	return emptyFolder{errors.New(text)}
}

// keepObject adds an object unless it was found before.
func (f *finder) keepObject(s *source.Log) {
	if first := f.objects[s.Path]; first != nil {
		f.repeats = append(f.repeats, repeatNote(s, first))
		return
	}
	f.objects[s.Path] = s
	f.found = append(f.found, s)
}
