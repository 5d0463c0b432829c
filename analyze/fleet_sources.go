package analyze

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hashlog/log"
)

// NamedSourceError says that a record names a server that is no node yet: nodes are the arguments of [log.Find] until the
// records have been read once. It remains if that is impossible.
type NamedSourceError struct{ Source string }

func (e *NamedSourceError) Error() string {
	return fmt.Sprintf("the record names its source, %q: to make these sources nodes the logs must be read twice, and a stream can't be", e.Source)
}

// isNamed reports whether an error is a [*NamedSourceError].
func isNamed(err error) bool {
	named := (*NamedSourceError)(nil)
	return errors.As(err, &named)
}

// sourceSurvey is what a pass over the logs finds of the sources of their requests.
type sourceSurvey struct {
	used   []string // with requests: arguments in their order, then those that records name, as they came
	unused []string // arguments whose logs have no request
}

// nodes returns the sources that are nodes. If no pass has looked for them, or none has a request, these are the arguments.
func (s *sourceSurvey) nodes(files *log.Files) []string {
	if s == nil || len(s.used) == 0 {
		return files.Sources()
	}
	return s.used
}

// surveySources reads the logs once to find the sources of their requests.
func surveySources(ctx context.Context, files *log.Files, opts *Options) (*sourceSurvey, error) {
	reader, err := openLogs(ctx, files, opts, "looking for sources")
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	named, read := newModelNames(), make(map[string]bool)
	for s := NewSieve(opts.Filter); !s.Full() && reader.Scan(); {
		e := reader.Entry()
		if !s.Admit(e) {
			continue
		}
		read[e.File] = true
		if named.find(e.Source) == MaxNodes {
			return nil, source{file: e.File, line: e.Line}.at(fmt.Errorf("more than %d sources", MaxNodes))
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	return newSourceSurvey(files, named.list, read), nil
}

// newSourceSurvey puts sources in order. read has the names of the logs with requests.
func newSourceSurvey(files *log.Files, sources []string, read map[string]bool) *sourceSurvey {
	out, args := &sourceSurvey{}, files.Sources()
	usable := make(map[string]bool)
	for i, path := range files.Paths() {
		usable[files.Args()[i]] = usable[files.Args()[i]] || read[path]
	}
	for _, arg := range args {
		if slices.Contains(sources, arg) {
			out.used = append(out.used, arg)
		}
		if !usable[arg] {
			out.unused = append(out.unused, arg)
		}
	}
	for _, s := range sources {
		if !slices.Contains(args, s) {
			out.used = append(out.used, s)
		}
	}
	return out
}
