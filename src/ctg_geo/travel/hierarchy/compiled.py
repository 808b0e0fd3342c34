"""Compile the kernels: cached on disk, free of Python's lock, sixteen lanes at a time."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["FAR", "LANES", "copy16", "far16", "kernel", "pull16", "push16", "put16"]

LANES = 16
_UNGUESSED = 3  # most seats have no more links
FAR = 2**30 - 1  # no route; two of them still fit in 32 bits

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function of arrays; threads run it side by side."""
    compiler: Any = njit  # its stubs do not know all of its options
    return cast("Function", compiler(cache=True, nogil=True, no_cfunc_wrapper=True)(function))


def _intrinsic(function: Callable[..., Any]) -> Any:
    return intrinsic(function)


_I32, _I64 = ir.IntType(32), ir.IntType(64)
_WORDS = ir.VectorType(_I32, LANES)


def _data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    made = context.make_array(kind)(context, builder, array)
    return builder.bitcast(made.data, _I32.as_pointer())


def _row(builder: Any, data: Any, number: Any) -> Any:
    start = builder.gep(data, [builder.mul(number, _I64(LANES))])
    return builder.bitcast(start, _WORDS.as_pointer())


def _load(builder: Any, pointer: Any) -> Any:
    value = builder.load(pointer)
    value.align = 4
    return value


def _spread(builder: Any, word: Any) -> Any:
    one = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), word, _I32(0))
    every = ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(_WORDS, ir.Undefined), every)


def _least(builder: Any, left: Any, right: Any) -> Any:
    return builder.select(builder.icmp_signed("<", left, right), left, right)


def _checked(*kinds: Any) -> None:
    assert all(kind.dtype == types.int32 for kind in kinds), "rows are of int32"


@_intrinsic
def pull16(
    _: Any, rows: Any, node: Any, also: Any, known: Any, heads: Any, times: Any, lo: Any, hi: Any
) -> Any:
    """rows[node] = rows[also] = least of rows[known] (-1: none) and rows[heads[lo:hi]] + times.

    The first few links are taken without a branch, for how many there are cannot be guessed:
    there must be a link 0, whatever it is.
    """
    _checked(rows, heads, times)
    i64 = types.int64
    signature = types.void(rows, i64, i64, i64, heads, times, i64, i64)

    def build(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        row_data, head_data, time_data = (
            _data(context, builder, sig.args[i], given[i]) for i in (0, 4, 5)
        )
        best = cgutils.alloca_once(builder, _WORDS)  # type: ignore[no-untyped-call]
        far = ir.Constant(_WORDS, [FAR] * LANES)
        builder.store(far, best)
        with builder.if_then(builder.icmp_signed(">=", given[3], _I64(0))):
            builder.store(_load(builder, _row(builder, row_data, given[3])), best)

        def reached(arc: Any, time: Any) -> Any:
            head = builder.sext(builder.load(builder.gep(head_data, [arc])), _I64)
            above = _load(builder, _row(builder, row_data, head))
            return _least(builder, builder.load(best), builder.add(above, _spread(builder, time)))

        def time_of(arc: Any) -> Any:
            return builder.load(builder.gep(time_data, [arc]))

        low, high = given[6], given[7]
        for step in range(_UNGUESSED):
            arc = builder.add(low, _I64(step))
            there = builder.icmp_signed("<", arc, high)
            arc = builder.select(there, arc, _I64(0))
            time = builder.select(there, time_of(arc), _I32(FAR))
            builder.store(reached(arc, time), best)
        rest = builder.add(low, _I64(_UNGUESSED))
        with cgutils.for_range_slice(builder, rest, high, _I64(1), _I64) as (arc, _n):
            builder.store(reached(arc, time_of(arc)), best)
        least = builder.load(best)
        for place in given[1], given[2]:
            builder.store(least, _row(builder, row_data, place)).align = 4
        return context.get_dummy_value()

    return signature, build


@_intrinsic
def far16(_: Any, rows: Any, node: Any) -> Any:
    """rows[node] = no route."""
    _checked(rows)
    signature = types.void(rows, types.int64)

    def build(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        here = _row(builder, _data(context, builder, sig.args[0], given[0]), given[1])
        builder.store(ir.Constant(_WORDS, [FAR] * LANES), here).align = 4
        return context.get_dummy_value()

    return signature, build


@_intrinsic
def copy16(_: Any, rows: Any, node: Any, other: Any) -> Any:
    """rows[node] = rows[other]."""
    _checked(rows)
    signature = types.void(rows, types.int64, types.int64)

    def build(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        data = _data(context, builder, sig.args[0], given[0])
        times = _load(builder, _row(builder, data, given[2]))
        builder.store(times, _row(builder, data, given[1])).align = 4
        return context.get_dummy_value()

    return signature, build


@_intrinsic
def push16(_: Any, rows: Any, head: Any, node: Any, time: Any) -> Any:
    """rows[head] = least of itself and rows[node] + time."""
    _checked(rows)
    signature = types.void(rows, types.int64, types.int64, types.int32)

    def build(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        data = _data(context, builder, sig.args[0], given[0])
        target = _row(builder, data, given[1])
        there = builder.add(
            _load(builder, _row(builder, data, given[2])), _spread(builder, given[3])
        )
        builder.store(_least(builder, _load(builder, target), there), target).align = 4
        return context.get_dummy_value()

    return signature, build


@_intrinsic
def put16(
    _: Any,
    out: Any,
    at: Any,
    rows: Any,
    one: Any,
    add1: Any,
    two: Any,
    add2: Any,
    limit: Any,
    none: Any,
) -> Any:
    """out[at:at + 16] = least of rows[one] + add1 and rows[two] + add2; `none` beyond limit.

    `out` starts on a line of the cache (64 bytes) and `at` is a multiple of 16.
    """
    _checked(out, rows)
    i64, i32 = types.int64, types.int32
    signature = types.void(out, i64, rows, i64, i32, i64, i32, i32, i32)

    def build(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        data = _data(context, builder, sig.args[2], given[2])
        left = builder.add(
            _load(builder, _row(builder, data, given[3])), _spread(builder, given[4])
        )
        right = builder.add(
            _load(builder, _row(builder, data, given[5])), _spread(builder, given[6])
        )
        best = _least(builder, left, right)
        beyond = builder.icmp_signed(">", best, _spread(builder, given[7]))
        told = builder.select(beyond, _spread(builder, given[8]), best)
        start = builder.gep(_data(context, builder, sig.args[0], given[0]), [given[1]])
        stored = builder.store(told, builder.bitcast(start, _WORDS.as_pointer()))
        stored.align = LANES * 4
        once = builder.module.add_metadata([_I32(1)])
        stored.set_metadata("nontemporal", once)
        return context.get_dummy_value()

    return signature, build
