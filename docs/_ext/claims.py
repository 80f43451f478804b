"""Whether a statement of a source holds, where that can be computed: a few lines for each."""

import inspect

import torch
import torch.nn.functional as F
from evidence import Found, result
from torch import nn

from linreg_tutorial import datasets
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_by_hand, train_with_optimizer


def raises(error: type[Exception], action: object) -> bool:
    """Say whether a call without arguments raises an error."""
    try:
        action()
    except error:
        return True
    return False


def of_runs() -> Found:
    """Count epochs, and look at what the printed numbers themselves say."""
    exam, game = datasets.load_exam_scores(), datasets.load_game_ability()
    plain, again, faster = (
        train_with_optimizer(game.X, game.y, lr=0.01, epochs=201, **options).history.cost
        for options in ({}, {}, {"momentum": 0.9})
    )
    limit = largest_stable_lr(exam.X)
    W, B = result("height-stepped")
    return {
        "two-thousand": result("layer-log")[-3] + 1 == 2000,
        "five-hundred": result("game-history")[-2] == 500,
        "rate-diverges": 1e-5 < limit < 0.01
        and raises(DivergenceError, lambda: train_by_hand(exam.X, exam.y, lr=0.01, epochs=2001)),
        "arbitrary-input": [73, 80, 75] not in exam.X.tolist(),
        "multivariate-name": exam.y.shape[1] > 1,
        "better-after-step": result("stepped-cost") < result("zero-cost"),
        "directions": W > 1 > B,
        "both-reset": result("game-end")[1] == 0,
        "constant-term": result("game-end")[1].is_integer(),
        "per-hour": torch.equal(game.y, game.y / game.X),
        "stochastic-loop": not torch.equal(plain, again),
        "momentum-faster": bool(faster[-1] < plain[-1] / 1000),
    }


def of_data_and_cost() -> Found:
    """Look at shapes, means and distances."""
    line, people = datasets.load_doubling(), datasets.load_height_weight()
    exact, four = solve_least_squares(line.X, line.y), torch.tensor([[4.0]])
    X, Y = people.X - people.X.mean(), people.y - people.y.mean()
    slope, offset = 2 * ((X - Y + 1) * X).mean(), 2 * (X - Y + 1).mean()
    correlation = torch.corrcoef(torch.cat([X, Y], dim=1).T)[0, 1]
    prediction = torch.ones(3, 1)
    squares = (prediction - line.y).square().mean()

    def cost(w: float) -> float:
        return (w * X - Y).square().mean().item()

    def stepped(lr: float) -> float:
        return ((1 - lr * slope) * X + 1 - lr * offset - Y).square().mean().item()

    return {
        "mse-loss": torch.allclose(F.mse_loss(prediction, line.y), squares),
        "mse-module": torch.allclose(nn.MSELoss()(prediction, line.y), squares),
        "near-eight": torch.allclose(exact.predict(four), torch.tensor(8.0).double()),
        "nchw": line.X.ndim == 4,
        "one-dimensional": torch.zeros(1).ndim == 1,
        "hypothesis-goal": torch.equal(0 * line.X + 0, line.y),
        "centring": bool(X.mean().abs() < 1e-4 > Y.mean().abs()),
        "height-relation": 0.94 < correlation.item() < 0.95,
        "from-the-top": cost(1e9) < cost(1e6),
        "integer-rate": stepped(1) < stepped(0),
        "view-as": (prediction - line.y.flatten()).shape == (3, 3),
    }


def of_random_numbers() -> Found:
    """Seed and draw."""
    with torch.random.fork_rng(devices=[]):
        state = torch.get_rng_state()
        torch.cuda.manual_seed(1)
        moved = not torch.equal(state, torch.get_rng_state())
        layers = []
        for _ in range(2):
            torch.manual_seed(1)
            layers.append(nn.Linear(1, 1))
        other = nn.Linear(1, 1)
    return {
        "cuda-seed": moved,
        "seed-repeats": torch.equal(layers[0].weight, layers[1].weight),
        "random-parameters": not torch.equal(other.weight, layers[0].weight)
        and all(p.requires_grad for p in other.parameters()),
    }


def of_modules() -> Found:
    """Make, call and break modules."""
    data, model = datasets.load_exam_scores(), LinearRegressionModel(3)
    called: list[str] = []
    model.register_forward_hook(lambda *_: called.append("hook"))
    values = model.forward(data.X)
    silent = not called
    same = torch.equal(model(data.X), values)

    class WithoutForward(nn.Module):
        pass

    class WithoutSuper(nn.Module):
        def __init__(self) -> None:
            self.linear = nn.Linear(1, 1)

    flat = nn.Linear(3, 1, bias=False)
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    return {
        "linear-sizes": [tuple(nn.Linear(d, 1).weight.shape) for d in (1, 3)] == [(1, 1), (1, 3)],
        "weights-before-bias": [n for n, _ in model.linear.named_parameters()]
        == ["weight", "bias"],
        "holds-parameters": len(list(nn.Linear(1, 1).parameters())) == 2,
        "call-or-forward": not (silent and called),
        "call-runs-forward": same,
        "linear-attribute": torch.equal(model.linear(data.X), values),
        "module-subclass": issubclass(nn.Linear, nn.Module),
        "init-behaviour": not raises(NotImplementedError, lambda: WithoutForward()(data.X)),
        "super-init": raises(AttributeError, WithoutSuper),
        "no-mlp": sum(isinstance(m, nn.Linear) for m in model.modules()) == 1,
        "class-or-function": isinstance(nn.Linear, type) and inspect.isfunction(F.mse_loss),
        "linear-combination": torch.allclose(flat(data.X), data.X @ flat.weight.T, atol=1e-3),
        "optimizer-stores": bool(sgd.state_dict()["state"]),
    }


def of_autograd() -> Found:
    """Record, accumulate, clear and update."""
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    a = torch.zeros(2, requires_grad=True)
    torch.mv(x, a).sum().backward()
    w, summed = torch.tensor(2.0, requires_grad=True), []
    for _ in range(21):
        (2 * w).backward()
        summed.append(w.grad.item())
    accumulates = summed == [2 * k for k in range(1, 22)]
    w.grad = None
    (2 * w).backward()
    anew = w.grad.item() == 2
    sgd = torch.optim.SGD([w], lr=0.01)
    sgd.step()
    moved, unchanged = abs(w.item() - 1.98) < 1e-6, w.grad.item() == 2
    sgd.zero_grad(set_to_none=False)
    zero = w.grad.item() == 0
    sgd.zero_grad()
    square = w**2
    return {
        "accumulates": accumulates,
        "clears-previous": accumulates,
        "none-clears": anew,
        "step-applies": moved,
        "rate-times-gradient": moved,
        "updates-gradient": not (moved and unchanged),
        "zero-grad-zero": "changed" if zero and w.grad is None else "right",
        "records-results": square.retains_grad,
        "builds-graph": square.grad_fn is not None,
        "repeat-two-lines": (w - 0.001 * 2).is_leaf,
        "grad-flag": x.grad is None and a.grad is not None,
        "data-requires-grad": x.requires_grad,
        "sum-derivative": torch.equal(a.grad, x.sum(dim=0)),
    }


def of_planes() -> Found:
    """Learn a plane from two starts, with the bias as the weight of a column of ones."""
    plane = datasets.make_plane(100, generator=torch.Generator().manual_seed(0))
    ones = torch.cat([torch.ones(100, 1), plane.X], dim=1)
    weights = torch.tensor([1.0, 2.0, 3.0])
    near = train_by_hand(plane.X, plane.y, lr=0.1, epochs=100)
    far = train_by_hand(plane.X, plane.y, lr=0.1, epochs=100, weight=[9, -9], bias=9)
    exact = solve_least_squares(plane.X, plane.y)
    least = (exact.predict(plane.X) - plane.y).square().mean().float()
    return {
        "two-variables": plane.X.shape[1] == 2,
        "matrix-vector": torch.allclose(
            torch.mv(ones, weights), (ones * weights).sum(dim=1), atol=1e-5
        ),
        "lowest-dimension": ones.ndim > plane.X.ndim,
        "random-needed": torch.allclose(near.weight, far.weight, atol=1e-3),
        "loss-converges": torch.allclose(near.history.cost[-1], least, rtol=1e-3),
    }


def of_logits() -> Found:
    """Differentiate the logit, and what the softmax is the gradient of."""
    p = torch.linspace(0.1, 0.9, 9).double().requires_grad_()
    (slope,) = torch.autograd.grad(p.logit().sum(), p)
    derivative = torch.allclose(slope, 1 / (p * (1 - p)))
    assert derivative, "autograd contradicts the formula on the page"
    gradient = torch.autograd.grad(p.logsumexp(dim=0), p)[0]
    assert torch.allclose(gradient, p.softmax(dim=0)), "log-sum-exp is not the potential"
    difference = F.softplus(p) - p.logit()  # constant if the logit were an integral too
    return {
        "logit-derivative": torch.allclose(slope, p.softmax(dim=0)),
        "softmax-integral": torch.allclose(difference, difference[0]),
        "logit-inverse": torch.allclose(p.logit().sigmoid(), p)
        and torch.allclose(p.sigmoid().logit(), p),
        "log-odds": torch.allclose(p.logit(), (p / (1 - p)).log()),
    }


CLAIMS = (
    of_runs,
    of_data_and_cost,
    of_random_numbers,
    of_modules,
    of_autograd,
    of_planes,
    of_logits,
)
