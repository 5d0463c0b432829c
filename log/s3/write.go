package s3

import (
	"context"
	"fmt"
	"io"
	"mime"
	"path"

	"github.com/minio/minio-go/v7"
)

// Put writes an object, which is there as a whole or not at all. size is the number of bytes that
// r yields; if r is an io.ReaderAt as well, parts of a large object are sent at once.
func (s *Store) Put(ctx context.Context, u URL, r io.Reader, size int64) error {
	// The content is checked by its MD5, which all stores know. Not all know streams of signed chunks.
	opts := minio.PutObjectOptions{ContentType: contentType(u.Key), SendContentMd5: true, DisableContentSha256: true}
	_, err := s.core.Client.PutObject(ctx, u.Bucket, u.Key, r, size, opts)
	return s.explain(ctx, u.Bucket, err)
}

// contentType returns what a browser is told that an object is.
func contentType(key string) string {
	switch path.Ext(key) {
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".parquet":
		return "application/vnd.apache.parquet"
	}
	if t := mime.TypeByExtension(path.Ext(key)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// Remove removes an object. It is no error if there is none.
func (s *Store) Remove(ctx context.Context, u URL) error {
	return s.explain(ctx, u.Bucket, s.core.RemoveObject(ctx, u.Bucket, u.Key, minio.RemoveObjectOptions{}))
}

// CheckWritable fails if an object of this name cannot be written. It begins to write one and
// gives up, so that nobody sees anything.
func (s *Store) CheckWritable(ctx context.Context, u URL) error {
	id, err := s.core.NewMultipartUpload(ctx, u.Bucket, u.Key, minio.PutObjectOptions{})
	if err != nil {
		return s.explain(ctx, u.Bucket, err)
	}
	_ = s.core.AbortMultipartUpload(context.WithoutCancel(ctx), u.Bucket, u.Key, id) // the store drops it some day
	return nil
}

// ReadAll returns the first bytes of an object, at most most of them.
func (s *Store) ReadAll(ctx context.Context, u URL, most int64) ([]byte, error) {
	o, err := s.Stat(ctx, u)
	if err != nil {
		return nil, err
	}
	r := o.NewReader(ctx)
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", u, err)
	}
	return text, nil
}
