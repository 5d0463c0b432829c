package s3test

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Truncated ends answers with content after so many bytes, with the connection. Each request gets
// further, since it resumes.
func Truncated(bytes int) Fault {
	return onReads(func(w http.ResponseWriter) http.ResponseWriter {
		return &bounded{ResponseWriter: w, left: bytes, end: func() { panic(http.ErrAbortHandler) }}
	})
}

// Stalled sends so many bytes of an answer with content, and no more until the client gives up.
// It does so to the first requests.
func Stalled(bytes int, requests int64) Fault {
	var count atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if !IsRead(r) || count.Add(1) > requests {
			return false
		}
		next.ServeHTTP(&bounded{ResponseWriter: w, left: bytes, end: func() {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}}, r)
		return true
	}
}

// Slow sends answers with content in small pieces, with a pause before each.
func Slow(piece int, pause time.Duration) Fault {
	return onReads(func(w http.ResponseWriter) http.ResponseWriter { return &slow{w, piece, pause} })
}

// Failing answers every n-th request with 503 Slow Down, and those between as usual.
func Failing(n int64) Fault {
	var count atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		return count.Add(1)%n == 0 && Refuse(w, http.StatusServiceUnavailable, "SlowDown")
	}
}

// Denied refuses all requests that match.
func Denied(match func(*http.Request) bool) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		return match(r) && Refuse(w, http.StatusForbidden, "AccessDenied")
	}
}

func onReads(wrap func(http.ResponseWriter) http.ResponseWriter) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if !IsRead(r) {
			return false
		}
		next.ServeHTTP(wrap(w), r)
		return true
	}
}

// bounded passes on so many bytes.
type bounded struct {
	http.ResponseWriter
	left int
	end  func()
}

func (b *bounded) Write(p []byte) (int, error) {
	n, err := b.ResponseWriter.Write(p[:min(len(p), b.left)])
	b.left -= n
	if err == nil && n < len(p) {
		_ = http.NewResponseController(b.ResponseWriter).Flush()
		b.end()
	}
	return n, err
}

// slow passes on a piece at a time.
type slow struct {
	http.ResponseWriter
	piece int
	pause time.Duration
}

func (s *slow) Write(p []byte) (n int, err error) {
	for err == nil && n < len(p) {
		time.Sleep(s.pause)
		var m int
		m, err = s.ResponseWriter.Write(p[n:min(n+s.piece, len(p))])
		n += m
		_ = http.NewResponseController(s.ResponseWriter).Flush()
	}
	return n, err
}
