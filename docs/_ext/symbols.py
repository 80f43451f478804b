"""Say what each name in a program is: by its imports, and by the types that mypy infers.

What a function without annotations returns, and what is passed to it, mypy does not infer.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mypy import api

OPTIONS = [
    "--config-file=",
    "--check-untyped-defs",
    "--allow-redefinition",
    "--ignore-missing-imports",
    "--hide-error-context",
    "--no-color-output",
    "--no-error-summary",
    "--no-pretty",
]
_NOTE = re.compile(r'page_(\d+)\.py:.* note: Revealed type is "tuple\[(.*), Literal\[(\d+)\]\?\]"')
_CLASS = re.compile(r"([\w.]+)(?:\[.*\])?(?: \| None)?")


@dataclass(frozen=True)
class Symbol:
    """A name at a place; lines count from 1, columns from 0, in characters.

    Without an owner `path` says where it was imported from: `torch.nn.Linear`. With one it is an
    attribute of instances of that class: `backward` of `torch._tensor.Tensor`.
    """

    line: int
    column: int
    text: str
    path: str
    owner: str | None = None


def find_symbols(programs: list[str], cache: Path) -> list[list[Symbol]]:
    """Return the symbols of each program; `cache` is a folder for mypy's."""
    found = [list(_walk(program)) for program in programs]
    types = _infer([_reveal(*pair) for pair in zip(programs, found)], cache)
    return [
        [
            symbol if base is None else replace(symbol, owner=types[i, k])
            for k, (symbol, base) in enumerate(symbols)
            if base is None or (i, k) in types
        ]
        for i, symbols in enumerate(found)
    ]


def _walk(program: str) -> Iterator[tuple[Symbol, ast.expr | None]]:
    """Yield each imported name and each attribute, the latter with the expression it belongs to."""
    lines = program.encode().splitlines()  # the columns of ast count bytes
    imported: dict[str, str] = {}

    def symbol(line: int, end: int, text: str, path: str) -> Iterator[Symbol]:
        start = end - len(text.encode())
        if lines[line - 1][start:end] == text.encode():  # not so in some f-strings before 3.12
            yield Symbol(line, len(lines[line - 1][:start].decode()), text, path)

    def visit(node: ast.AST) -> Iterator[tuple[Symbol, ast.expr | None]]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                path, text = module + alias.name, alias.name.rpartition(".")[2]
                imported[alias.asname or alias.name] = path
                end = alias.col_offset + len(alias.name.encode())
                yield from ((s, None) for s in symbol(alias.lineno, end, text, path))
        elif isinstance(node, ast.Name | ast.Attribute) and (path := dotted(node)):
            text = node.attr if isinstance(node, ast.Attribute) else node.id
            place = node.end_lineno or 0, node.end_col_offset or 0
            yield from ((s, None) for s in symbol(*place, text, path))
        else:
            if isinstance(node, ast.Attribute):
                place = node.end_lineno or 0, node.end_col_offset or 0
                yield from ((s, node.value) for s in symbol(*place, node.attr, node.attr))
            for child in ast.iter_child_nodes(node):
                yield from visit(child)

    def dotted(node: ast.expr) -> str | None:
        if isinstance(node, ast.Attribute):
            base = dotted(node.value)
            return base and f"{base}.{node.attr}"
        return imported.get(node.id) if isinstance(node, ast.Name) else None

    return visit(ast.parse(program))


def _reveal(program: str, symbols: list[tuple[Symbol, ast.expr | None]]) -> str:
    """Put `reveal_type((…, k))[0]` around the expression that symbol k belongs to.

    The number is there since mypy reports the same type only once a line.
    """
    inserts = []
    for k, (_, base) in enumerate(symbols):
        if base is not None and not ast.unparse(base).startswith("super()"):
            start, end = (base.lineno, base.col_offset), (base.end_lineno, base.end_col_offset)
            # from the end to the start; at one place the outer expression opens after the inner
            inserts.append((end, 0, (0, 0), f", {k}))[0]"))
            inserts.append((start, -1, end, "reveal_type(("))
    lines = program.encode().splitlines()
    for (line, column), *_, text in sorted(inserts, reverse=True):
        lines[line - 1] = lines[line - 1][:column] + text.encode() + lines[line - 1][column:]
    return b"\n".join(lines).decode()


def _infer(programs: list[str], cache: Path) -> dict[tuple[int, int], str]:
    """Return the class that mypy reveals, by the numbers of program and symbol."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, f"page_{k}.py") for k in range(len(programs))]
        for file, program in zip(files, programs):
            file.write_text(program, "utf-8")
        output, errors, _ = api.run([*OPTIONS, f"--cache-dir={cache}", *map(str, files)])
    if errors:
        raise RuntimeError(f"mypy failed: {errors}")
    notes = (_NOTE.search(line) for line in output.splitlines())
    return {
        (int(note[1]), int(note[3])): name[1]
        for note in notes
        if note and (name := _CLASS.fullmatch(note[2])) and name[1] != "Any"
    }
