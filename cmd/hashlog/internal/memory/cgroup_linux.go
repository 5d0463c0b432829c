package memory

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A cgroup bounds the total memory of the processes in it and in the groups below it. /proc/self/cgroup lists the group of a
// process, a line for each tree of groups, and /proc/self/mountinfo lists where the trees are mounted. There are two
// versions, and a system can have both: see cgroups(7) and proc_pid_mountinfo(5).

// cgroupLimit returns the smallest limit, in bytes, of the process's cgroup and those above it. ok is false if there is
// none.
func cgroupLimit(root fs.FS) (limit int64, ok bool) {
	groups := cgroups(root)
	for _, m := range cgroupMounts(root) {
		group, in := groups[m.controller]
		if !in {
			continue
		}
		for dir := m.folder(group); ; dir = path.Dir(dir) {
			if n, set := readLimit(root, path.Join(dir, m.file)); set && (!ok || n < limit) {
				limit, ok = n, true
			}
			if dir == m.point || dir == "/" {
				break
			}
		}
	}
	return limit, ok
}

// cgroups returns the process's groups by controller: "memory" in version 1, "" in version 2.
func cgroups(root fs.FS) map[string]string {
	groups := make(map[string]string)
	for _, line := range lines(root, "proc/self/cgroup") {
		parts := strings.SplitN(line, ":", 3) // number, controllers, group
		if len(parts) < 3 {
			continue
		}
		for _, controller := range strings.Split(parts[1], ",") {
			groups[controller] = parts[2]
		}
	}
	return groups
}

// cgroupMount is a tree of groups, or a part of one, in the file system.
type cgroupMount struct {
	controller string // as in cgroups
	file       string // that holds a group's limit
	top        string // the group at the mount point
	point      string
}

// cgroupMounts returns the trees that bound memory.
func cgroupMounts(root fs.FS) (mounts []cgroupMount) {
	for _, line := range lines(root, "proc/self/mountinfo") {
		mount, system, ok := strings.Cut(line, " - ")
		left, right := strings.Fields(mount), strings.Fields(system)
		if !ok || len(left) < 5 || len(right) < 3 {
			continue
		}
		m := cgroupMount{top: left[3], point: path.Clean(left[4])}
		switch kind, options := right[0], strings.Split(right[2], ","); {
		case kind == "cgroup2":
			m.file = "memory.max"
		case kind == "cgroup" && slices.Contains(options, "memory"):
			m.controller, m.file = "memory", "memory.limit_in_bytes"
		default:
			continue
		}
		mounts = append(mounts, m)
	}
	return mounts
}

// folder returns the folder of a group, or the mount point if the group is not below it: in a container the group itself is
// mounted there.
func (m *cgroupMount) folder(group string) string {
	below, ok := strings.CutPrefix(group, strings.TrimSuffix(m.top, "/"))
	if !ok || below != "" && below[0] != '/' {
		return m.point
	}
	return path.Join(m.point, path.Clean("/"+below))
}

// readLimit reads a group's limit. Without one, version 2 has the word max, and version 1 a number larger than any machine.
func readLimit(root fs.FS, file string) (limit int64, ok bool) {
	text, err := fs.ReadFile(root, strings.TrimPrefix(file, "/"))
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	const beyond = 1 << 60
	return n, err == nil && n < beyond
}

func lines(root fs.FS, file string) []string {
	text, err := fs.ReadFile(root, file)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}
