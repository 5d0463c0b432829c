package s3test

import (
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// ServeFolder starts a server whose bucket holds the files below a folder, which are read from
// there when they are asked for. [Environment] makes a process find it. The caller must close it.
func ServeFolder(dir string) *httptest.Server {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		dir = target // which a walk would not follow
	}
	return httptest.NewServer(gofakes3.New(&folder{s3mem.New(), dir}).Server())
}

// folder is a backend with one bucket, which cannot be written. All else is that of an empty
// store in memory.
type folder struct {
	gofakes3.Backend
	dir string
}

func (f *folder) BucketExists(name string) (bool, error) { return name == Bucket, nil }

// ListBucket lists everything at once: it is for thousands of files.
func (f *folder) ListBucket(name string, prefix *gofakes3.Prefix, _ gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	list := gofakes3.NewObjectList()
	err := filepath.WalkDir(f.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := os.Stat(path) // of what a link leads to
		if err != nil {
			return err
		}
		key, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		key = filepath.ToSlash(key)
		var match gofakes3.PrefixMatch
		switch {
		case !prefix.Match(key, &match):
		case match.CommonPrefix:
			list.AddPrefix(match.MatchedPart)
		default:
			list.Add(&gofakes3.Content{Key: key, Size: info.Size(), LastModified: gofakes3.NewContentTime(info.ModTime()), ETag: gofakes3.FormatETag(tagOf(info))})
		}
		return nil
	})
	return list, err
}

// tagOf is as good as a hash of the content for files that nobody changes within the resolution of
// their times.
func tagOf(info fs.FileInfo) []byte {
	sum := md5.Sum(fmt.Appendf(nil, "%d %d", info.Size(), info.ModTime().UnixNano()))
	return sum[:]
}

func (f *folder) HeadObject(bucket, key string) (*gofakes3.Object, error) {
	o, err := f.GetObject(bucket, key, nil)
	if err == nil {
		err = o.Contents.Close()
	}
	return o, err
}

func (f *folder) GetObject(_, key string, asked *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	file, err := os.Open(filepath.Join(f.dir, filepath.FromSlash(key)))
	if err != nil {
		return nil, gofakes3.KeyNotFound(key)
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, gofakes3.KeyNotFound(key)
	}
	part := &part{file, info.Size()}
	got, err := asked.Range(info.Size())
	if got != nil {
		part.left = got.Length
		_, err = file.Seek(got.Start, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &gofakes3.Object{Name: key, Hash: tagOf(info), Size: info.Size(), Range: got, Contents: part,
		Metadata: map[string]string{"Last-Modified": info.ModTime().UTC().Format(http.TimeFormat)}}, nil
}

// part is a part of a file. The system copies it to a connection.
type part struct {
	file *os.File
	left int64
}

func (p *part) Read(b []byte) (int, error) {
	return 0, fmt.Errorf("%s is only copied", p.file.Name())
}

func (p *part) WriteTo(w io.Writer) (int64, error) { return io.CopyN(w, p.file, p.left) }
func (p *part) Close() error                       { return p.file.Close() }
