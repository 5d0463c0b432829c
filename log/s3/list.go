package s3

import (
	"context"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/minio/minio-go/v7"
)

// Object is an object as it was found. It is immutable.
type Object struct {
	URL  URL
	Size int64  // in bytes
	tag  string // changes with the content; "" if the store has none

	store *Store
}

// Store returns the store that holds the object.
func (o *Object) Store() *Store { return o.store }

// Stat finds an object. The error is ErrGone if there is none of this name, and ErrDenied if
// that may not be known.
func (s *Store) Stat(ctx context.Context, u URL) (*Object, error) {
	info, err := s.core.StatObject(ctx, u.Bucket, u.Key, minio.StatObjectOptions{})
	if err != nil {
		return nil, s.explain(ctx, u.Bucket, err)
	}
	return &Object{u, info.Size, info.ETag, s}, nil
}

// Exists reports whether an object is still there. It is true where that cannot be known.
func (o *Object) Exists(ctx context.Context) bool {
	_, err := o.store.Stat(ctx, o.URL)
	return err != ErrGone
}

// OpenObject returns a reader of one object, by its name, from the store that the environment
// names.
func OpenObject(ctx context.Context, name string) (*Reader, error) {
	u, err := Parse(name)
	if err != nil {
		return nil, err
	}
	s, err := Open(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.Stat(ctx, u)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return o.NewReader(ctx), nil
}

// Entry is what a folder holds: an object, or another folder, whose URL ends in a slash.
type Entry struct {
	Name   string  // in the folder, without a slash
	Object *Object // nil for a folder
}

// List yields what a folder holds while the listing goes on: a thousand names a request, of which
// none are kept. Objects and folders are each in the order of their keys. An error ends it. A folder that does not
// exist is empty.
func (s *Store) List(ctx context.Context, folder URL) iter.Seq2[Entry, error] {
	return s.list(ctx, folder, "")
}

// list is List of the names with this beginning.
func (s *Store) list(ctx context.Context, folder URL, beginning string) iter.Seq2[Entry, error] {
	prefix := folder.Folder().Key
	return func(yield func(Entry, error) bool) {
		for info := range s.core.ListObjectsIter(ctx, folder.Bucket, minio.ListObjectsOptions{Prefix: prefix + beginning}) {
			if info.Err != nil {
				yield(Entry{}, s.explain(ctx, folder.Bucket, info.Err))
				return
			}
			name, isFolder := strings.CutSuffix(strings.TrimPrefix(info.Key, prefix), "/")
			if name == "" || isFolder && info.ETag != "" { // a folder that some tool has made an object of
				continue
			}
			entry := Entry{Name: name}
			if !isFolder {
				entry.Object = &Object{URL{folder.Bucket, info.Key}, info.Size, info.ETag, s}
			}
			if !yield(entry, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Entry{}, err)
		}
	}
}

// IsPattern reports whether a key holds *, ? or [, which match within a name as in path.Match.
func (u URL) IsPattern() bool { return strings.ContainsAny(u.Key, "*?[") }

// Match is what a pattern matches: an object, or a folder, whose URL ends in a slash.
type Match struct {
	URL    URL
	Object *Object // nil for a folder
}

// Glob returns the objects and folders that a pattern matches, in the order of their names, as
// a shell does for files. A pattern that ends in a slash matches folders alone.
func (s *Store) Glob(ctx context.Context, pattern URL) (matches []Match, err error) {
	if _, err := path.Match(pattern.Key, ""); err != nil {
		return nil, err
	}
	parts := strings.Split(strings.TrimSuffix(pattern.Key, "/"), "/")
	matches = []Match{{URL: URL{Bucket: pattern.Bucket}}}
	for i, part := range parts {
		foldersOnly := i < len(parts)-1 || pattern.IsFolder()
		var next []Match
		for _, in := range matches {
			if next, err = s.match(ctx, next, in.URL, part, foldersOnly); err != nil {
				return nil, err
			}
		}
		matches = next
	}
	return matches, nil
}

// match appends what in one folder matches a part of a pattern. It lists only the names that
// begin as the part does.
func (s *Store) match(ctx context.Context, matches []Match, in URL, part string, foldersOnly bool) ([]Match, error) {
	if !(URL{Key: part}).IsPattern() && foldersOnly {
		return append(matches, Match{URL: in.Join(part).Folder()}), nil
	}
	beginning := part
	if i := strings.IndexAny(part, `*?[\`); i >= 0 {
		beginning = part[:i]
	}
	var found []Entry
	for entry, err := range s.list(ctx, in, beginning) {
		if err != nil {
			return nil, err
		}
		if ok, _ := path.Match(part, entry.Name); !ok || foldersOnly && entry.Object != nil {
			continue
		}
		found = append(found, entry)
	}
	// Keys are in another order: a-b/ is before a/.
	slices.SortStableFunc(found, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	for _, entry := range found {
		at := in.Join(entry.Name)
		if entry.Object == nil {
			at = at.Folder()
		}
		matches = append(matches, Match{at, entry.Object})
	}
	return matches, nil
}
