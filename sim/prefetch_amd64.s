//go:build !purego

#include "textflag.h"

// func prefetch(tag *byte, slot *uint64)
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVQ tag+0(FP), AX
	MOVQ slot+8(FP), BX
	PREFETCHT0 (AX)
	BYTE $0x0f; BYTE $0x0d; BYTE $0x0b // PREFETCHW (BX)
	RET
