package log

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	for _, match := range matches {
		f.arg = match.URL.String()
		if match.Object != nil {
			f.keep(objectLog(match.Object))
			continue
		}
		if err := f.noteIfEmpty(f.addObjects(ctx, match.URL)); err != nil {
			return err
		}
	}
	return nil
}

// addAt adds an object, or else the logs in a folder. Credentials that may not know of an object
// may still list the folder.
func (f *finder) addAt(ctx context.Context, u s3.URL) error {
	if !u.IsFolder() {
		object, err := f.store.Stat(ctx, u)
		if err == nil {
			f.keep(objectLog(object))
			return nil
		}
		if !errors.Is(err, s3.ErrGone) && !errors.Is(err, s3.ErrDenied) {
			return source.Named(u.String(), err)
		}
	}
	return f.addObjects(ctx, u)
}

func objectLog(o *s3.Object) *source.Log { return &source.Log{Path: o.URL.String(), Object: o} }

// addObjects adds the logs in a folder of an object store.
func (f *finder) addObjects(ctx context.Context, u s3.URL) error {
	var logs []*source.Log
	var others objectsElse
	for entry, err := range f.store.List(ctx, u) {
		switch {
		case err != nil:
			return source.Named(u.String(), err)
		case entry.Object != nil && isLogName(entry.Name):
			logs = append(logs, objectLog(entry.Object))
		default:
			others.add(entry)
		}
	}
	if len(logs) == 0 {
		return others.noLogs(u)
	}
	f.keepFolder(logs)
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
