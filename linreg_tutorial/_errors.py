"""Errors that several private modules raise; the public names are in solvers."""


class RankDeficientError(ValueError):
    """The data does not determine the weights.

    Attributes
    ----------
    columns : tuple of int
        Columns of `X` that add nothing to the columns before them and to the intercept.
    """

    def __init__(self, message: str, columns: tuple[int, ...]) -> None:
        super().__init__(message)
        self.columns = columns
