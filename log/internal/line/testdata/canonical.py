# Prints canonical.jsonl: what Python's json.dumps makes of some tricky records.
import json, random

random.seed(1)

def record(timestamp=1711929600.123, request_id="req-abc", model_name="DeepSeek-V3", chunk_size=256,
           seq_len=1024, dtypes=("torch.bfloat16",), shapes=((32, 256, 128),), chunk_hashes=("0xab", "-0x12"), **more):
    print(json.dumps({
        "timestamp": timestamp, "request_id": request_id, "model_name": model_name, "chunk_size": chunk_size,
        "seq_len": seq_len, "dtypes": dtypes, "shapes": shapes, "chunk_hashes": chunk_hashes, **more}))

record()
for t in (0.0, -0.0, 1.0, -1.0, 0.1, 0.1 + 0.2, 1e15, 1e16, 9999999999999998.0, 9007199254740993.0, 123456789012345.67,
          1e-4, 9.999999999999999e-05, 1.5e-5, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e100, 1e22,
          1e21, 1e23, 1234567.0, 1711929600.0, 1711929600.1234567, 1e17, 12345678901234567890.0):
    record(timestamp=t)
for _ in range(100):
    record(timestamp=random.choice((1, -1)) * random.random() * 10 ** random.randint(-20, 20))
for s in ("", " ", "a\"b\\c/d", "\b\f\n\r\t", "\0\x01\x1f ~\x7f\x80\x9f\xa0", "é", "ß中文", "\u2028\u2029", "\ufeff\ufffd\uffff",
          "\U0001f600", "\U00010000\U0010ffff", "a\U0001f600b", "</script>&'"):
    record(request_id=s, model_name=s + "-model", chunk_hashes=[s, s])
record(dtypes=[], shapes=[], chunk_hashes=[])
record(dtypes=["float32"], shapes=[[]])
record(dtypes=["float8_e4m3fn", "torch.int8", "bool"], shapes=[[1], [2, 3], [4, 5, 6]])
record(chunk_size=1, seq_len=0)
record(chunk_size=2**63 - 1, seq_len=2**63 - 1)
for width in (1, 7, 8, 9, 16, 17, 64):
    record(chunk_hashes=[hex(random.getrandbits(4 * width)) for _ in range(20)])
record(chunk_hashes=[hex(random.getrandbits(64) - 2**63) for _ in range(50)])
record(chunk_hashes=["0xAB", "ab", "0x", "-", "", "12"])
for s in ("s", "a\"b\\c/d", "\0\x1f ~\x7f\x80", "ß中文\U0001f600"):
    record(session_id=s)
    record(session_id=s, cache_salt=s + "-salt")
record(cache_salt="salt")
record(chunk_hashes=[], session_id="s", cache_salt="salt")
for s in ("node-1", "a\"b\\c/d", "\0\x1f ~\x7f\x80", "ß中文\U0001f600"):
    record(source=s)
    record(session_id=s, cache_salt=s + "-salt", source=s, cached_tokens=768)
for n in (0, 1, 1024):
    record(cached_tokens=n)
record(seq_len=2**63 - 1, source="s", cached_tokens=2**63 - 1)
record(chunk_hashes=[], cache_salt="salt", source="node-1", cached_tokens=0)
