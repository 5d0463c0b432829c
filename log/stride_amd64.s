//go:build amd64 && !purego

#include "go_asm.h"
#include "textflag.h"

// The functions in this file check hashes of one stride and compute their
// fingerprints in one pass. Each is fingerprintsPortable for some widths; read
// that one first.
//
// Who changes something here must keep these invariants:
//
//   - A fingerprint is xxh3.Hash of the text of the hash, prefix included, bit for
//     bit. xxh3 has a formula for each of 17 to 32, 33 to 64 and 65 to 96 bytes,
//     and so there is a function for each. FOLD is its step for 16 bytes.
//   - All digits are checked. DIGITS takes the digits in vectors that overlap: the
//     first begins with the first digit, the last ends with the last one.
//     So a function must not be called for fewer digits than a vector holds (it
//     would check the prefix, and refuse good hashes), nor for more than its
//     vectors hold together.
//   - Nothing is read behind the four bytes after a hash, since the text may end there.
//   - A hash is counted only after all of it has been checked, and what follows it.
//
// TestStride tries every byte at every place in every width against the plain path,
// and puts the end of the text at the end of readable memory; FuzzStride tries
// lists that break off anywhere. To try out fewer widths, mind the switch in
// stride_amd64.go, whose conditions are those above.
//
// Registers, all through:
//
//	SI  the hash          DI  where its fingerprint goes
//	BX  its end           CX  how many are left
//	R13 its first digit   R9  step
//	R8  *stride           R12 seed
//	AX  the sum of xxh3   DX, R10, R11 spoiled by every macro
//	Y8 to Y11             constants of DIGITS

// The first half of the secret of xxh3.
DATA secret<>+0x00(SB)/8, $0xbe4ba423396cfeb8
DATA secret<>+0x08(SB)/8, $0x1cad21f72c81017c
DATA secret<>+0x10(SB)/8, $0xdb979083e96dd4de
DATA secret<>+0x18(SB)/8, $0x1f67b3b7a4a44072
DATA secret<>+0x20(SB)/8, $0x78e5c0cc4ee679cb
DATA secret<>+0x28(SB)/8, $0x2172ffcc7dd05a82
DATA secret<>+0x30(SB)/8, $0x8e2443f7744608b8
DATA secret<>+0x38(SB)/8, $0x4c263a81e69035e0
DATA secret<>+0x40(SB)/8, $0xcb00c391bb52283c
DATA secret<>+0x48(SB)/8, $0xa32e531b8b65d088
DATA secret<>+0x50(SB)/8, $0x4ef90da297486471
DATA secret<>+0x58(SB)/8, $0xd8acdea946ef1938
GLOBL secret<>(SB), RODATA|NOPTR, $0x60

DATA avalanche<>(SB)/8, $0x165667919e3779f9
GLOBL avalanche<>(SB), RODATA|NOPTR, $8

// What DIGITS needs, 32 times each: -'0', '9'-'0', -'a', 'f'-'a'.
DATA ranges<>+0(SB)/1, $0xd0
DATA ranges<>+1(SB)/1, $0x09
DATA ranges<>+2(SB)/1, $0x9f
DATA ranges<>+3(SB)/1, $0x05
GLOBL ranges<>(SB), RODATA|NOPTR, $4

#define BEGIN                         \
	MOVQ         dst_base+0(FP), DI;     \
	MOVQ         dst_len+8(FP), CX;      \
	MOVQ         text_base+24(FP), SI;   \
	MOVQ         s+48(FP), R8;           \
	MOVQ         stride_width(R8), BX;   \
	ADDQ         SI, BX;                 \
	MOVQ         stride_step(R8), R9;    \
	MOVQ         stride_prefix(R8), R13; \
	ADDQ         SI, R13;                \
	MOVQ         stride_seed(R8), R12;   \
	VPBROADCASTB ranges<>+0(SB), Y8;     \
	VPBROADCASTB ranges<>+1(SB), Y9;     \
	VPBROADCASTB ranges<>+2(SB), Y10;    \
	VPBROADCASTB ranges<>+3(SB), Y11;    \
	TESTQ        CX, CX;                 \
	JZ           done

// FRAME leaves if the hash does not begin, or is not followed, as it must.
#define FRAME                   \
	MOVL (SI), R10;                \
	XORL stride_head(R8), R10;     \
	ANDL stride_headMask(R8), R10; \
	MOVL (BX), R11;                \
	XORL stride_gap(R8), R11;      \
	ANDL stride_gapMask(R8), R11;  \
	ORL  R10, R11;                 \
	JNZ  done

// DIGITS makes each byte of Y zero that is in [0-9a-f], and no other. For each of
// the two ranges it moves the first of the range to 0, and then takes off as
// much as leaves nothing of the range's bytes; 0 is as low as it gets.
#define DIGITS(Y, other)     \
	VPADDB   Y, Y10, other;     \
	VPSUBUSB Y11, other, other; \
	VPADDB   Y, Y8, Y;          \
	VPSUBUSB Y9, Y, Y;          \
	VPMINUB  Y, other, Y

// ALLZERO leaves if Y isn't all zero.
#define ALLZERO(Y) \
	VPTEST Y, Y;      \
	JNZ    done

// FOLD adds the 16 bytes at off(base), mixed with those of the secret at key.
#define FOLD(off, base, key)      \
	MOVQ  off(base), DX;             \
	MOVQ  (off+8)(base), R10;        \
	XORQ  secret<>+(key)(SB), DX;    \
	XORQ  secret<>+(key+8)(SB), R10; \
	MULXQ R10, R10, R11;             \
	XORQ  R10, R11;                  \
	ADDQ  R11, AX

// COUNT finishes the fingerprint, and steps to the next hash.
#define COUNT(loop)         \
	MOVQ  AX, DX;              \
	SHRQ  $37, DX;             \
	XORQ  DX, AX;              \
	IMULQ avalanche<>(SB), AX; \
	MOVQ  AX, DX;              \
	SHRQ  $32, DX;             \
	XORQ  DX, AX;              \
	MOVQ  AX, (DI);            \
	ADDQ  $8, DI;              \
	ADDQ  R9, SI;              \
	ADDQ  R9, BX;              \
	ADDQ  R9, R13;             \
	DECQ  CX;                  \
	JNZ   loop

#define END              \
	VZEROUPPER;             \
	MOVQ dst_len+8(FP), AX; \
	SUBQ CX, AX;            \
	MOVQ AX, n+56(FP);      \
	RET

// func fingerprints32(dst []uint64, text []byte, s *stride) (n int)
TEXT ·fingerprints32(SB), NOSPLIT, $0-64
	BEGIN

loop:
	FRAME
	VMOVDQU     (R13), X0
	VINSERTI128 $1, -16(BX), Y0, Y0
	DIGITS(Y0, Y1)
	ALLZERO(Y0)
	MOVQ        R12, AX
	FOLD(0, SI, 0x00)
	FOLD(-16, BX, 0x10)
	COUNT(loop)

done:
	END

// func fingerprints64(dst []uint64, text []byte, s *stride) (n int)
TEXT ·fingerprints64(SB), NOSPLIT, $0-64
	BEGIN

loop:
	FRAME
	VMOVDQU (R13), Y0
	VMOVDQU -32(BX), Y2
	DIGITS(Y0, Y1)
	DIGITS(Y2, Y3)
	VPOR    Y0, Y2, Y0
	ALLZERO(Y0)
	MOVQ    R12, AX
	FOLD(16, SI, 0x20)
	FOLD(-32, BX, 0x30)
	FOLD(0, SI, 0x00)
	FOLD(-16, BX, 0x10)
	COUNT(loop)

done:
	END

// func fingerprints66(dst []uint64, text []byte, s *stride) (n int)
TEXT ·fingerprints66(SB), NOSPLIT, $0-64
	BEGIN

loop:
	FRAME
	VMOVDQU (R13), Y0
	VMOVDQU -32(BX), Y2
	DIGITS(Y0, Y1)
	DIGITS(Y2, Y3)
	VPOR    Y0, Y2, Y0
	ALLZERO(Y0)
	MOVQ    R12, AX
	FOLD(32, SI, 0x40)
	FOLD(-48, BX, 0x50)
	FOLD(16, SI, 0x20)
	FOLD(-32, BX, 0x30)
	FOLD(0, SI, 0x00)
	FOLD(-16, BX, 0x10)
	COUNT(loop)

done:
	END
