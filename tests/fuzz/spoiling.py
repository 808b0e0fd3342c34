"""Files spoiled: bytes changed, lost, doubled, and what breaks parsers put in."""

from hypothesis import strategies as st

__all__ = ["TOKENS", "spoil", "spoilings"]

TOKENS = (
    b"\x00", b"\xff" * 9, b"%n%s", b"{" * 4000, b"[" * 4000, b"<a>" * 2000, b"9" * 500, b"1e400",
    b"-1", b"NaN", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b'"', b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;", b"../../etc/passwd", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"PK\x03\x04", b"null",
    b"true", b";", b",", b"\n\n", b"= ", b"]\n[", b"''' ", b"2A004",
)  # fmt: skip

SHARE = st.floats(0, 1, exclude_max=True)
SPOILING = st.one_of(
    st.tuples(st.just("byte"), SHARE, st.integers(0, 255)),
    st.tuples(st.just("cut"), SHARE, st.integers(1, 60)),
    st.tuples(st.just("double"), SHARE, st.integers(1, 200)),
    st.tuples(st.just("token"), SHARE, st.sampled_from(TOKENS)),
    st.tuples(st.just("over"), SHARE, st.sampled_from(TOKENS)),
    st.tuples(st.just("end"), SHARE, st.just(0)),
)
spoilings = st.lists(SPOILING, min_size=1, max_size=6)


def spoil(whole, changes):
    """Return bytes with some changes made, each at its share of the length."""
    content = bytearray(whole)
    for kind, share, what in changes:
        at = int(share * len(content))
        if kind == "byte" and content:
            content[at] = what
        elif kind == "cut":
            del content[at : at + what]
        elif kind == "double":
            content[at:at] = content[at : at + what]
        elif kind == "token":
            content[at:at] = what
        elif kind == "over":
            content[at : at + len(what)] = what
        elif kind == "end":
            del content[at:]
    return bytes(content)
