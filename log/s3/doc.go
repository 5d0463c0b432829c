// Package s3 reads and writes the objects of a store that speaks the S3 protocol: Amazon S3,
// Google Cloud Storage by its S3 interface, MinIO, Ceph and others. minio-go stays behind it.
//
//	store, err := s3.Open(ctx)
//	url, err := s3.Parse("s3://bucket/logs/x.jsonl")
//	object, err := store.Stat(ctx, url)
//	r := object.NewReader(ctx)
//	defer r.Close()
//
//	url.go      s3://bucket/key, taken apart
//	store.go    Store: endpoint, region and credentials, from the environment
//	list.go     objects by name, a listing and a pattern
//	reader.go   an object from beginning to end, with ranges read ahead
//	fetch.go    one range, with retries that resume where the last one stopped
//	budget.go   memory for ranges, shared by all objects that are being read
//	write.go    putting and removing objects
//	errors.go   errors in words
//
// # Environment
//
// The endpoint is AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, such as https://storage.googleapis.com
// or http://minio:9000, and Amazon's without them. The region is AWS_REGION or
// AWS_DEFAULT_REGION; without them the store is asked.
//
// Credentials are the first of: AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and
// AWS_SESSION_TOKEN; MINIO_ACCESS_KEY with MINIO_SECRET_KEY; the profile AWS_PROFILE of
// ~/.aws/credentials (AWS_SHARED_CREDENTIALS_FILE), its credential_process included; a role of
// the pod (AWS_WEB_IDENTITY_TOKEN_FILE), of the container or of the machine, which
// AWS_EC2_METADATA_DISABLED=true leaves out. Without any, requests are anonymous, as public
// buckets allow.
//
// # What a reader promises
//
// A Reader yields the bytes of the object as it was found, all of them, or an error. It asks for
// ranges of the entity tag that was found, so an object that is replaced meanwhile is an error
// (ErrChanged), never a mixture of two. A request that fails is repeated up to five times. One
// that stops within its range, or yields nothing for 30 seconds, is followed by another that
// resumes behind the last byte, until five in a row have yielded none.
package s3
