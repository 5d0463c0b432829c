package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hashlog/log"
	"hashlog/log/s3"
)

// refuseOverwriting fails if an output file, or stdout, is one of the logs to read, under whatever name, or an unread
// compressed or plain copy of one: writing would destroy it, or the output would be read again. other is what to name
// instead, a file or a folder.
func refuseOverwriting(env *env, args []string, files *log.Files, other string, outputs ...string) error {
	var there []os.FileInfo
	var refusals []error
	add := func(info os.FileInfo, err, refusal error) {
		if err == nil && info.Mode().IsRegular() {
			there, refusals = append(there, info), append(refusals, usageError{refusal})
		}
	}
	for _, path := range outputs {
		if s3.Is(path) {
			if isLogObject(path, files) {
				return usageError{fmt.Errorf("-o %s is one of the logs: name another %s", log.Quoted(path), other)}
			}
			continue
		}
		info, err := os.Stat(path)
		add(info, err, fmt.Errorf("-o %s is one of the logs: name another %s", log.Quoted(path), other))
	}
	if o, ok := env.stdout.(*output); ok {
		if f, ok := o.w.(*os.File); ok {
			info, err := f.Stat()
			add(info, err, errors.New("stdout is one of the logs: redirect it to another file"))
		}
	}
	if len(there) == 0 {
		return nil
	}
	for _, read := range logsRead(env, args, files) {
		for i, info := range there {
			if os.SameFile(read, info) {
				return refusals[i]
			}
		}
	}
	return nil
}

// isLogObject reports whether an object is one of the logs, or a compressed or plain copy of one.
func isLogObject(name string, files *log.Files) bool {
	return slices.ContainsFunc(files.Paths(), func(path string) bool { return s3.Is(path) && stemOf(path) == stemOf(name) })
}

// stemOf returns a path without the suffix of a compressed file.
func stemOf(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
}

// logsRead returns the files to read and their copies.
func logsRead(env *env, args []string, files *log.Files) (infos []os.FileInfo) {
	for _, path := range files.Paths() {
		infos = append(infos, copies(path)...)
		if target, err := filepath.EvalSymlinks(path); err == nil && target != path {
			infos = append(infos, copies(target)...)
		}
	}
	if f, ok := env.stdin.(*os.File); ok && slices.Contains(args, "-") {
		if info, err := f.Stat(); err == nil {
			infos = append(infos, info)
		}
	}
	return infos
}

// copies returns the files under a log's name, plain and compressed.
func copies(path string) (infos []os.FileInfo) {
	for _, suffix := range []string{"", ".gz", ".zst"} {
		if info, err := os.Stat(stemOf(path) + suffix); err == nil {
			infos = append(infos, info)
		}
	}
	return infos
}
