"""Small errors put into a module, one at a time: what a person gets wrong while writing it.

A mutant is found by the order of its node in the tree, so that the same text has the same mutants.
Left alone: annotations, docstrings and other text, `assert` (an invariant is not tested for), the
arguments of decorators, blocks of TYPE_CHECKING, `strict=` of zip, logging.
"""

import ast
import copy
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Mutant", "mutants_of", "mutated", "sampled"]

_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_RECKONED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_AT_IMPORT = (0, 0)
_TYPES = {"str", "int", "float", "bool"}
_Change = tuple[str, Callable[[ast.AST], ast.AST | None]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One error: where, of which kind, and what the code said before and says after."""

    path: Path
    inside: str  # function or class, dotted; empty at the top
    node: int  # in the order of the tree
    kind: str
    line: int
    lines: tuple[int, int]  # of the statement, first and last; 0, 0 where it runs at import
    before: str
    after: str

    @property
    def name(self) -> str:
        """Say which it is by its words: lines above may change, and it stays the same."""
        return f"{self.path.as_posix()}:{self.inside}:{self.kind}:{self.before}:{self.after}"


def mutants_of(path: Path) -> list[Mutant]:
    """List all mutants of a module, by line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for number, (node, inside, lines) in enumerate(_walked(tree)):
        for kind, change in _changes(node):
            made = change(copy.deepcopy(node))
            before, after = _said(node), _said(made)
            found.append(Mutant(path, inside, number, kind, node.lineno, lines, before, after))
    return sorted(found, key=lambda each: (each.line, each.node, each.kind))


def _said(node: ast.AST | None) -> str:
    """Return the code of a node in a line; of a compound statement, its condition."""
    told = getattr(node, "test", node)
    return " ".join(ast.unparse(told).split()) if told is not None else "(dropped)"


def mutated(mutant: Mutant) -> ast.Module:
    """Return the tree of the module with its one error."""
    tree = ast.parse(mutant.path.read_text(encoding="utf-8"))
    target = next(node for i, (node, _, _) in enumerate(_walked(tree)) if i == mutant.node)
    change = next(made for kind, made in _changes(target) if kind == mutant.kind)
    changed = _Put(target, change).visit(tree)
    return ast.fix_missing_locations(changed)


def sampled(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Take some at random, in the order drawn: those with the lowest hash.

    An edit elsewhere then changes few of them, and the first of them are a smaller sample.
    """

    def rank(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed}:{mutant.name}:{mutant.node}".encode()).hexdigest()

    return sorted(mutants, key=rank)[:count]


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.AST, change: Callable[[ast.AST], ast.AST | None]) -> None:
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.target:
            made = self.change(node)
            return ast.copy_location(made if made is not None else ast.Pass(), node)
        return self.generic_visit(node)


def _walked(
    node: ast.AST, inside: str = "", lines: tuple[int, int] = _AT_IMPORT, depth: int = 0
) -> Iterator[tuple[ast.AST, str, tuple[int, int]]]:
    """Yield nodes in order, the function they are in and the lines of their statement.

    Left out is what is left alone, with all that it holds.
    """
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _left_alone(child):
                continue
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            where = f"{inside}.{child.name}".lstrip(".") if named else inside
            deeper = depth + isinstance(child, ast.FunctionDef)
            span = _lines(child, depth) if isinstance(child, ast.stmt) else lines
            yield child, where, span
            yield from _walked(child, where, span, deeper)


def _lines(statement: ast.stmt, depth: int) -> tuple[int, int]:
    """Return the lines that run when a statement does: of a compound one, its head alone."""
    if not depth or isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return _AT_IMPORT
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, last)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.Expr):
        text = ast.unparse(node.value)
        return isinstance(node.value, ast.Constant) or text.startswith("logger.")
    return isinstance(node, ast.BinOp | ast.Assign | ast.Subscript) and _is_a_type(node)


def _is_a_type(node: ast.AST) -> bool:
    """Tell an alias of a type or a union of types from a sum."""
    if isinstance(node, ast.Assign):
        named = [each.id for each in node.targets if isinstance(each, ast.Name)]
        camel = [each for each in named if each.lstrip("_")[:1].isupper() and not each.isupper()]
        return bool(camel)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return any(
            (isinstance(side, ast.Constant) and side.value is None)
            or (isinstance(side, ast.Name) and (side.id in _TYPES or side.id.istitle()))
            for side in (node.left, node.right)
        )
    return False


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield the errors that a node can have."""
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            yield f"comparison {i}", _compared(i, _COMPARED[type(op)])
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _RECKONED:
        yield "arithmetic", _with(op=_RECKONED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield "boolean", _with(op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield "sign", lambda made: made.operand  # type: ignore[attr-defined]
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    yield from _of_statements(node)


def _constants(node: ast.Constant) -> Iterator[_Change]:
    if isinstance(node.value, bool):
        yield "constant", _with(value=not node.value)
    elif isinstance(node.value, int | float):
        yield "constant", _with(value=node.value + 1)


def _of_statements(node: ast.AST) -> Iterator[_Change]:
    if isinstance(node, ast.Return) and not _is_plain(node.value):
        yield "return", _with(value=ast.Constant(None))
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield "condition", _negated
    elif isinstance(node, ast.Break):
        yield "jump", lambda _: ast.Continue()
    elif isinstance(node, ast.Continue):
        yield "jump", lambda _: ast.Break()
    if _droppable(node):
        yield "dropped", lambda _: None


def _droppable(node: ast.AST) -> bool:
    """Tell the statements of which the loss breaks no name: writes, calls, errors."""
    if isinstance(node, ast.Assign):
        return all(isinstance(each, ast.Subscript | ast.Attribute) for each in node.targets)
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Expr)


def _negated(node: ast.AST) -> ast.AST:
    node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    return node


def _compared(number: int, op: type[ast.cmpop]) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        node.ops[number] = op()  # type: ignore[attr-defined]
        return node

    return change


def _with(**fields: object) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        for field, value in fields.items():
            setattr(node, field, value)
        return node

    return change


def _is_plain(node: ast.expr | None) -> bool:
    """Tell None, True and False, which are constants already."""
    return node is None or (isinstance(node, ast.Constant) and node.value in {None, True, False})
