package s3

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"path"
	"time"

	"github.com/minio/minio-go/v7"
)

const (
	partSize  = 16 << 20 // bytes of a larger object that are sent at once, unless that makes too many parts
	mostParts = 10_000
)

// Put writes an object of size bytes, which is there as a whole or not at all.
//
// A request that fails is repeated with a reader of its own. A client that repeats requests by itself rewinds the reader, which the
// transport may still be reading for the request that failed.
func (s *Store) Put(ctx context.Context, u URL, r io.ReaderAt, size int64) error {
	var err error
	if size <= partSize {
		// The content is checked by its MD5, which all stores know. Not all know streams of signed chunks.
		opts := minio.PutObjectOptions{ContentType: contentType(u.Key), DisableContentSha256: true}
		err = s.send(ctx, r, 0, size, func(body io.Reader, sum string) error {
			_, err := s.puts.PutObject(ctx, u.Bucket, u.Key, body, size, sum, "", opts)
			return err
		})
	} else {
		err = s.putParts(ctx, u, r, size)
	}
	return s.explain(ctx, u.Bucket, err)
}

// putParts writes an object in parts. If one fails, none is kept.
func (s *Store) putParts(ctx context.Context, u URL, r io.ReaderAt, size int64) error {
	opts := minio.PutObjectOptions{ContentType: contentType(u.Key)}
	id, err := s.core.NewMultipartUpload(ctx, u.Bucket, u.Key, opts)
	if err != nil {
		return err
	}
	step := max(partSize, (size+mostParts-1)/mostParts)
	var parts []minio.CompletePart
	for from := int64(0); from < size && err == nil; from += step {
		n, number := min(step, size-from), len(parts)+1
		err = s.send(ctx, r, from, n, func(body io.Reader, sum string) error {
			part, err := s.puts.PutObjectPart(ctx, u.Bucket, u.Key, id, number, body, n, minio.PutObjectPartOptions{Md5Base64: sum, DisableContentSha256: true})
			if err == nil {
				parts = append(parts, minio.CompletePart{PartNumber: number, ETag: part.ETag})
			}
			return err
		})
	}
	if err == nil {
		_, err = s.core.CompleteMultipartUpload(ctx, u.Bucket, u.Key, id, parts, minio.PutObjectOptions{})
	}
	if err != nil {
		_ = s.core.AbortMultipartUpload(context.WithoutCancel(ctx), u.Bucket, u.Key, id) // the store drops it some day
	}
	return err
}

// send sends n bytes from an offset on, with their MD5, and repeats that if it may help.
func (s *Store) send(ctx context.Context, r io.ReaderAt, from, n int64, put func(body io.Reader, sum string) error) error {
	hash := md5.New()
	if _, err := io.Copy(hash, io.NewSectionReader(r, from, n)); err != nil {
		return err
	}
	sum := base64.StdEncoding.EncodeToString(hash.Sum(nil))
	for vain := 1; ; vain++ {
		err := put(io.NewSectionReader(r, from, n), sum)
		if err == nil || vain == s.tries || !mayResume(ctx, err) {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond << min(vain, 4)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
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
