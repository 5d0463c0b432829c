package s3

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

const scheme = "s3://"

// URL names an object, or a folder: all objects whose keys begin with its key and a slash.
type URL struct{ Bucket, Key string }

// Is reports whether a name is that of an object or a folder in a store.
func Is(name string) bool { return strings.HasPrefix(name, scheme) }

// Parse takes s3://bucket/key apart. The key is taken as it is: no character is escaped. It is
// empty for a whole bucket.
func Parse(name string) (URL, error) {
	rest, ok := strings.CutPrefix(name, scheme)
	if !ok {
		return URL{}, fmt.Errorf("%q does not begin with %s", name, scheme)
	}
	bucket, key, _ := strings.Cut(rest, "/")
	if bucket == "" {
		return URL{}, errors.New(name + " names no bucket: write s3://bucket/prefix")
	}
	return URL{bucket, key}, nil
}

// String returns s3://bucket/key.
func (u URL) String() string { return scheme + u.Bucket + "/" + u.Key }

// IsFolder reports whether the URL can only name a folder: a bucket, or a key that ends in a slash.
func (u URL) IsFolder() bool { return u.Key == "" || strings.HasSuffix(u.Key, "/") }

// Folder returns the URL with a slash at its end, unless it is a bucket.
func (u URL) Folder() URL {
	if !u.IsFolder() {
		u.Key += "/"
	}
	return u
}

// Join returns the URL of a name in a folder.
func (u URL) Join(name string) URL { return URL{u.Bucket, u.Folder().Key + name} }

// Split returns the folder that holds an object, and the object's name in it.
func (u URL) Split() (folder URL, name string) {
	dir, name := path.Split(u.Key)
	return URL{u.Bucket, dir}, name
}
