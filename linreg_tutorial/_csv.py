"""From the bytes of a comma-separated file to numbers; every refusal names file and line."""

import csv
import io

import torch


def read_text(name: str, encoding: str | None) -> str:
    with open(name, "rb") as file:
        raw = file.read()
    candidates = ["utf-8-sig", "cp949"] if encoding is None else [encoding]
    for candidate in candidates:
        try:
            return raw.decode(candidate)
        except UnicodeDecodeError:
            continue
    raise ValueError(f"{name}: the text is not in {' or '.join(candidates)}; pass encoding=...")


def read_rows(name: str, text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header, and the cells of each row behind the number of its line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        rows = [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as error:
        raise ValueError(f"{name}, line {reader.line_num}: {error}; check the quotes") from error
    if not header:
        raise ValueError(f"{name}: the first row is empty; it must name the columns")
    for line, cells in rows:
        if len(cells) != len(header):
            raise ValueError(
                f"{name}, line {line}: {len(cells)} cells where the header names {len(header)} "
                "columns; put a cell that contains a comma in quotes"
            )
    return header, rows


def number(name: str, line: int, column: str, cell: str) -> float:
    where = f"{name}, line {line}, column {column!r}"
    text = cell.strip()
    if not text:
        raise ValueError(f"{where}: the cell is empty; fill it in or delete the row")
    try:
        value = float(text.replace("_", "?"))  # float() would read 1_0 as 10
    except ValueError:
        hint = "write it without commas" if "," in text else "or leave the column out of features"
        raise ValueError(f"{where}: {text!r} is not a number; {hint}") from None
    if not abs(value) <= torch.finfo(torch.float32).max:
        raise ValueError(f"{where}: {text!r} is not a finite float32 number; correct it")
    return value
