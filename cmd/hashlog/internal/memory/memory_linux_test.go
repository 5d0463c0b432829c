package memory

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// files makes a file system of texts by path.
func files(texts map[string]string) fstest.MapFS {
	root := fstest.MapFS{}
	for path, text := range texts {
		root[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

const (
	meminfo = "MemTotal:       24684084 kB\nMemFree:        17672176 kB\n" // 25,276,502,016 bytes
	mountV2 = "22 1 0:20 / /sys rw - sysfs sysfs rw\n30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
	mountV1 = "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
)

func TestFind(t *testing.T) {
	machine := Machine{25_276_502_016, "machine"}
	for name, tc := range map[string]struct {
		files map[string]string
		want  Machine
	}{
		"nothing":                 {nil, Machine{}},
		"another form of meminfo": {map[string]string{"proc/meminfo": "Total 5\n"}, Machine{}},
		"no cgroup":               {map[string]string{"proc/meminfo": meminfo}, machine},
		"version 2": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup":                        "0::/user.slice/job\n",
			"sys/fs/cgroup/user.slice/job/memory.max": "4294967296\n",
			"sys/fs/cgroup/user.slice/memory.max":     "max\n"}, Machine{4 << 30, "cgroup"}},
		"version 2, less above": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup":                        "0::/user.slice/job\n",
			"sys/fs/cgroup/user.slice/job/memory.max": "4294967296\n",
			"sys/fs/cgroup/user.slice/memory.max":     "1073741824\n"}, Machine{1 << 30, "cgroup"}},
		"version 2, no limit": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/memory.max": "max\n"}, machine},
		"version 2, a container that sees itself as the root": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1073741824\n"}, Machine{1 << 30, "cgroup"}},
		"more than the machine has": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/memory.max": "1099511627776\n"}, machine},
		"meminfo unknown": {map[string]string{"proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/memory.max": "1099511627776\n"}, Machine{1 << 40, "cgroup"}},
		"version 1": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV1,
			"proc/self/cgroup": "4:memory:/job\n1:cpu,cpuacct:/\n0::/elsewhere\n",
			"sys/fs/cgroup/memory/job/memory.limit_in_bytes": "1073741824\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":     "9223372036854771712\n"}, Machine{1 << 30, "cgroup"}},
		"version 1, no limit": {map[string]string{"proc/self/mountinfo": mountV1, "proc/self/cgroup": "4:memory:/\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, Machine{}},
		"version 1, mounted into a container": {map[string]string{"proc/meminfo": meminfo,
			"proc/self/mountinfo":                        "35 31 0:32 /docker/5f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
			"proc/self/cgroup":                           "4:memory:/docker/5f\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n"}, Machine{1 << 30, "cgroup"}},
		"a group that is not to be seen": {map[string]string{"proc/meminfo": meminfo,
			"proc/self/mountinfo":                        "35 31 0:32 /docker/5f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
			"proc/self/cgroup":                           "4:memory:/docker/5f6\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n"}, Machine{1 << 30, "cgroup"}},
		"a group outside of the name space": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/../../job\n", "sys/fs/cgroup/memory.max": "1073741824\n"}, Machine{1 << 30, "cgroup"}},
		"lines of another form": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": "30 22\n\nx - y\n",
			"proc/self/cgroup": "0\n\n"}, machine},
		"a limit of another form": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": mountV2,
			"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/memory.max": "1G\n"}, machine},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tc.want, find(files(tc.files))) })
	}
}

func TestResidentIsWithoutFiles(t *testing.T) {
	n, err := resident(files(map[string]string{"proc/self/statm": "765 436 407 5 0 123 0\n"}), 4096)
	require.NoError(t, err)
	require.EqualValues(t, 29*4096, n)
	for _, text := range []string{"", "765 436\n", "765 436 x\n", "765 407 436\n"} {
		_, err := resident(files(map[string]string{"proc/self/statm": text}), 4096)
		require.Error(t, err, text)
	}
	_, err = resident(files(nil), 4096)
	require.Error(t, err)
}

// TestHere asks the system that the test runs on.
func TestHere(t *testing.T) {
	m := Find()
	require.Greater(t, m.Bytes, Resident())
	require.Contains(t, []string{"machine", "cgroup"}, m.Whose)
}
