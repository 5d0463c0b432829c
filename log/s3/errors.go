package s3

import (
	"context"
	"errors"
	"io/fs"
	"net/http"

	"github.com/minio/minio-go/v7"
)

var (
	// ErrGone is the error of an object that does not exist. It is an fs.ErrNotExist.
	ErrGone error = &known{"there is no such object", fs.ErrNotExist}
	// ErrChanged is the error of an object that another one has replaced since it was found.
	ErrChanged = errors.New("has been replaced since it was found")
	// ErrDenied is the error of a request that the store does not allow. It is an
	// fs.ErrPermission.
	ErrDenied error = &known{"access denied", fs.ErrPermission}
)

// known is an error with the standard library's error for the same.
type known struct {
	text string
	is   error
}

func (k *known) Error() string        { return k.text }
func (k *known) Is(target error) bool { return target == k.is }

// failure is an error of the store in words.
type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }

// explain words an error of a request about something in a bucket.
func (s *Store) explain(ctx context.Context, bucket string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	answer := minio.ErrorResponse{}
	if !errors.As(err, &answer) {
		return err
	}
	switch answer.Code {
	case minio.NoSuchBucket:
		return &failure{"there is no bucket " + bucket, fs.ErrNotExist}
	case minio.NoSuchKey, "NoSuchVersion":
		return ErrGone
	case minio.PreconditionFailed, "InvalidRange":
		return ErrChanged
	case "InvalidObjectState":
		return errors.New("is archived: restore it first (" + answer.Code + ")")
	case "RequestTimeTooSkewed":
		return &failure{"access denied: the clock of this machine is wrong (" + answer.Code + ")", ErrDenied}
	case "InvalidAccessKeyId":
		return &failure{"access denied: the store does not know the access key (" + answer.Code + ")", ErrDenied}
	case "SignatureDoesNotMatch":
		return &failure{"access denied: the secret key does not belong to the access key (" + answer.Code + ")", ErrDenied}
	case "ExpiredToken", "InvalidToken":
		return &failure{"access denied: the session token has expired or is wrong (" + answer.Code + ")", ErrDenied}
	}
	switch answer.StatusCode {
	case http.StatusForbidden, http.StatusUnauthorized:
		return s.denied(answer.Code)
	case http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable:
		return ErrChanged
	case http.StatusNotFound:
		return ErrGone
	}
	return err
}

// denied says why a request may have been refused.
func (s *Store) denied(code string) error {
	if s.anonymous {
		return &failure{"access denied: no credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials or a role), and the bucket is not public", ErrDenied}
	}
	return &failure{"access denied: the credentials do not allow it (" + code + ")", ErrDenied}
}
