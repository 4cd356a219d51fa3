"""How does source run as it does in a cell, awaits at its top level included?"""

from __future__ import annotations

import ast
import inspect
import linecache
from types import CodeType
from typing import Any

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


async def execute(source: str, filename: str, names: dict[str, Any]) -> Any:
    """Run source in the namespace `names`, awaits included; the value of its last expression.

    Raises:
        SyntaxError: it is not Python; also whatever the source raises.
    """
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    tree = ast.parse(source, filename)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    await _evaluated(compile(tree, filename, "exec", flags=AWAIT, dont_inherit=True), names)
    if not isinstance(last, ast.Expr):
        return None
    code = compile(ast.Expression(last.value), filename, "eval", flags=AWAIT, dont_inherit=True)
    return await _evaluated(code, names)


async def _evaluated(code: CodeType, names: dict[str, Any]) -> Any:
    value = eval(code, names)
    return await value if code.co_flags & inspect.CO_COROUTINE else value
