package s3

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	tries       = 5                // of a request, and in a row of a range that yields nothing
	maxRequests = 32               // at once, for ranges
	patience    = 30 * time.Second // for the next bytes of a range
)

// Store is an object store. It is safe for concurrent use.
type Store struct {
	core      minio.Core
	puts      minio.Core // repeats nothing: see Put
	transport *http.Transport
	anonymous bool
	budget    budget
	requests  chan struct{} // holds a token for each range that is being fetched
	patience  time.Duration // for the next bytes of a range; less in tests
	tries     int           // of a range; less in tests
}

// Open returns the store that the environment names. It makes no request of it, but may look for
// the credentials of a role.
func Open(ctx context.Context) (*Store, error) {
	host, secure, err := endpoint()
	if err != nil {
		return nil, err
	}
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, fmt.Errorf("opening the object store: %w", err)
	}
	transport.MaxIdleConnsPerHost = maxRequests
	creds, anonymous, err := findCredentials(ctx)
	if err != nil {
		return nil, err
	}
	opts := minio.Options{Creds: creds, Secure: secure, Transport: transport, Region: firstEnv("AWS_REGION", "AWS_DEFAULT_REGION"), MaxRetries: tries}
	core, err := minio.NewCore(host, &opts)
	if err != nil {
		return nil, fmt.Errorf("opening the object store %s: %w", host, err)
	}
	opts.MaxRetries = 1
	puts, err := minio.NewCore(host, &opts)
	if err != nil {
		return nil, fmt.Errorf("opening the object store %s: %w", host, err)
	}
	return &Store{core: *core, puts: *puts, transport: transport, anonymous: anonymous, requests: make(chan struct{}, maxRequests), patience: patience, tries: tries}, nil
}

// CloseIdle closes the connections that are not in use. The store can be used again.
func (s *Store) CloseIdle() { s.transport.CloseIdleConnections() }

// endpoint returns the host to ask, and whether by TLS.
func endpoint() (host string, secure bool, err error) {
	text := firstEnv("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
	if text == "" {
		return "s3.amazonaws.com", true, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" || u.User != nil {
		return "", false, fmt.Errorf("the endpoint in AWS_ENDPOINT_URL must be https://host or http://host:port, without a path")
	}
	return u.Host, u.Scheme == "https", nil
}

func firstEnv(names ...string) string {
	for _, name := range names {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}

// findCredentials returns the first credentials that there are. Where there are none, every
// request would look for them again, which takes seconds on a machine without a role; so that is
// settled here.
func findCredentials(ctx context.Context) (creds *credentials.Credentials, anonymous bool, err error) {
	providers := []credentials.Provider{&credentials.EnvAWS{}, &credentials.EnvMinio{}, &credentials.FileAWSCredentials{}}
	if mayHaveRole() {
		dialer := &net.Dialer{Timeout: 2 * time.Second}
		providers = append(providers, &credentials.IAM{Client: &http.Client{Timeout: 10 * time.Second,
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, DisableKeepAlives: true}}})
	}
	creds = credentials.NewChainCredentials(providers)
	value, err := creds.GetWithContext(nil)
	if err != nil {
		return nil, false, fmt.Errorf("finding credentials for the object store: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	if value.SignerType.IsAnonymous() || value.AccessKeyID == "" {
		return credentials.NewStatic("", "", "", credentials.SignatureAnonymous), true, nil
	}
	return creds, false, nil
}

// mayHaveRole reports whether to look for the credentials of a role.
func mayHaveRole() bool {
	return os.Getenv("AWS_EC2_METADATA_DISABLED") != "true" ||
		firstEnv("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI") != ""
}
