//go:build !unix

package source

// FreeDescriptors returns how many more files this process may open, at most most. Nothing limits them here.
func FreeDescriptors(most int) int { return most }
