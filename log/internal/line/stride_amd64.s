//go:build amd64 && !purego

#include "go_asm.h"
#include "textflag.h"

// The functions in this file check hashes and compute their fingerprints in one
// pass. All but the last do what fingerprintsPortable does, each for some widths.
// Read that one first.
//
// Invariants:
//
//   - A fingerprint is xxh3.Hash of the text of the hash, prefix included, bit for
//     bit. xxh3 has one formula each for 17 to 32, 33 to 64 and 65 to 96 bytes, so
//     there is one function for each. FOLD is its step for 16 bytes.
//   - All digits are checked. The vectors given to DIGITS overlap: the first begins
//     with the first digit, the last ends with the last one. So a function must
//     not be called for fewer digits than a vector holds (it would check the prefix
//     and refuse good hashes), nor for more than its vectors hold together (it
//     would accept bad ones). The switch in stride_amd64.go guarantees both.
//   - Nothing is read beyond the four bytes after a hash, since the text may end
//     there, and nothing is written beyond len(dst).
//   - A hash counts only after all of it and the gap after it have been checked.
//
// TestStride and TestMixed put every byte at every position of hashes of every
// width, compare counts and fingerprints with isHash and xxh3.Hash, and place the
// end of the text at the end of readable memory. TestFingerprints tries whole
// lists, sound and damaged, and so finds a wrong step from hash to hash and a
// function called for a wrong width. FuzzStride does both with any bytes. With
// -tags purego the same tests cover everything but this file.
//
// Registers:
//
//	SI  the hash          DI  where its fingerprint goes
//	BX  its end           CX  hashes still to check
//	R13 its first digit   R9  distance of two hashes
//	R8  *stride           R12 seed
//	AX  the sum of xxh3   DX, R10, R11 and Y0 to Y3 are clobbered by the macros
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

// The constants of DIGITS, 32 times each: -'0', '9'-'0', -'a', 'f'-'a'.
DATA ranges<>+0(SB)/1, $0xd0
DATA ranges<>+1(SB)/1, $0x09
DATA ranges<>+2(SB)/1, $0x9f
DATA ranges<>+3(SB)/1, $0x05
GLOBL ranges<>(SB), RODATA|NOPTR, $4

// CONSTANTS loads the constants of DIGITS.
#define CONSTANTS                         \
	VPBROADCASTB ranges<>+0(SB), Y8;  \
	VPBROADCASTB ranges<>+1(SB), Y9;  \
	VPBROADCASTB ranges<>+2(SB), Y10; \
	VPBROADCASTB ranges<>+3(SB), Y11

// BEGIN fills the registers.
#define BEGIN                                \
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
	CONSTANTS;                           \
	TESTQ        CX, CX;                 \
	JZ           done

// FRAME exits unless the hash begins and is followed as it must be.
#define FRAME                          \
	MOVL (SI), R10;                \
	XORL stride_head(R8), R10;     \
	ANDL stride_headMask(R8), R10; \
	MOVL (BX), R11;                \
	XORL stride_gap(R8), R11;      \
	ANDL stride_gapMask(R8), R11;  \
	ORL  R10, R11;                 \
	JNZ  done

// DIGITS zeroes exactly those bytes of Y that are in [0-9a-f]. For each of the two
// ranges it shifts the first byte of the range to 0, and then subtracts the value
// to which that shifts the last byte, with saturation.
#define DIGITS(Y, other)            \
	VPADDB   Y, Y10, other;     \
	VPSUBUSB Y11, other, other; \
	VPADDB   Y, Y8, Y;          \
	VPSUBUSB Y9, Y, Y;          \
	VPMINUB  Y, other, Y

// ALLZERO exits unless Y is all zero.
#define ALLZERO(Y)   \
	VPTEST Y, Y; \
	JNZ    done

// FOLD adds the 16 bytes at off(base), mixed with those of the secret at key.
#define FOLD(off, base, key)             \
	MOVQ  off(base), DX;             \
	MOVQ  (off+8)(base), R10;        \
	XORQ  secret<>+(key)(SB), DX;    \
	XORQ  secret<>+(key+8)(SB), R10; \
	MULXQ R10, R10, R11;             \
	XORQ  R10, R11;                  \
	ADDQ  R11, AX

// FINISH computes the fingerprint from the sum, and stores it.
#define FINISH                     \
	MOVQ  AX, DX;              \
	SHRQ  $37, DX;             \
	XORQ  DX, AX;              \
	IMULQ avalanche<>(SB), AX; \
	MOVQ  AX, DX;              \
	SHRQ  $32, DX;             \
	XORQ  DX, AX;              \
	MOVQ  AX, (DI);            \
	ADDQ  $8, DI

// NEXT steps to the next hash, if there is one.
#define NEXT(loop)    \
	ADDQ R9, SI;  \
	ADDQ R9, BX;  \
	ADDQ R9, R13; \
	DECQ CX;      \
	JNZ  loop

// END returns the number of hashes.
#define END                     \
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
	FINISH
	NEXT(loop)

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
	FINISH
	NEXT(loop)

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
	FINISH
	NEXT(loop)

done:
	END

// The beginning of a hash and its mask within the first four bytes, without a sign
// and with one.
DATA heads<>+0(SB)/4, $0x00007830 // 0x
DATA heads<>+4(SB)/4, $0x0078302d // -0x
GLOBL heads<>(SB), RODATA|NOPTR, $8
DATA headMasks<>+0(SB)/4, $0x0000ffff
DATA headMasks<>+4(SB)/4, $0x00ffffff
GLOBL headMasks<>(SB), RODATA|NOPTR, $8

// func fingerprintsMixed(dst []uint64, text []byte, s *stride) (n, size int)
//
// The width is not known here. The first byte after the prefix that is not a digit
// must be the closing quote. Some registers differ from above:
//
//	R9  length of the gap      R12 where the last hash may begin
//	R13 heads, R15 headMasks   R14 what seeds are multiples of
TEXT ·fingerprintsMixed(SB), NOSPLIT, $0-72
	MOVQ  dst_base+0(FP), DI
	MOVQ  dst_len+8(FP), CX
	MOVQ  text_base+24(FP), SI
	MOVQ  text_len+32(FP), R12
	LEAQ  -const_mixedAhead(SI)(R12*1), R12
	MOVQ  s+48(FP), R8
	MOVQ  stride_step(R8), R9
	SUBQ  stride_width(R8), R9
	LEAQ  heads<>(SB), R13
	LEAQ  headMasks<>(SB), R15
	MOVQ  $0x9e3779b185ebca87, R14       // prime64_1
	VPXOR Y12, Y12, Y12
	CONSTANTS
	TESTQ CX, CX
	JZ    done

loop:
	CMPQ      SI, R12
	JHI       done
	VMOVDQU   (SI), Y0
	DIGITS(Y0, Y1)
	VPCMPEQB  Y12, Y0, Y0
	VPMOVMSKB Y0, AX
	NOTL      AX                         // a bit for each byte that is not a digit

	// The first three are 010 for 0x and a digit, 101 for -0x.
	MOVL AX, R10
	ANDL $1, R10
	MOVL AX, R11
	ANDL $7, R11
	LEAL 2(R10)(R10*2), DX
	CMPL R11, DX
	JNE  done
	MOVL (SI), R11
	XORL (R13)(R10*4), R11
	ANDL (R15)(R10*4), R11
	JNZ  done

	ANDL   $~7, AX
	TZCNTL AX, AX
	LEAL   -const_mixedLeast(AX), R11
	CMPL   R11, $(const_mixedMost-const_mixedLeast)
	JHI    done
	LEAQ   (SI)(AX*1), BX
	MOVL   (BX), R11
	XORL   stride_gap(R8), R11
	ANDL   stride_gapMask(R8), R11
	JNZ    done

	IMULQ R14, AX
	FOLD(0, SI, 0x00)
	FOLD(-16, BX, 0x10)
	FINISH
	LEAQ  (BX)(R9*1), SI
	DECQ  CX
	JNZ   loop

done:
	VZEROUPPER
	MOVQ dst_len+8(FP), AX
	SUBQ CX, AX
	MOVQ AX, n+56(FP)
	SUBQ text_base+24(FP), SI
	MOVQ SI, size+64(FP)
	RET
