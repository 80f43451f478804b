"""Linear regression in PyTorch: the data sets, models, trainers and solvers of the book."""

__version__ = "0.1.0"
