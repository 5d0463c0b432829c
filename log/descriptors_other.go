//go:build !unix

package log

// FreeDescriptors returns how many more files this process may open, at most most. Here nothing limits them.
func FreeDescriptors(most int) int { return most }
