//go:build !purego

#include "textflag.h"

// func prefetch(tag *byte, slot *uint64)
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVQ tag+0(FP), AX
	MOVQ slot+8(FP), BX
	PREFETCHT0 (AX)
	BYTE $0x0f; BYTE $0x0d; BYTE $0x0b // PREFETCHW (BX)
	RET

// func prefetchKeys(first *Key, n int)
TEXT ·prefetchKeys(SB), NOSPLIT, $0-16
	MOVQ first+0(FP), AX
	MOVQ n+8(FP), CX
	LEAQ (AX)(CX*8), CX // end
	ANDQ $~63, AX
line:
	PREFETCHT0 (AX)
	ADDQ $64, AX
	CMPQ AX, CX
	JCS  line
	RET
