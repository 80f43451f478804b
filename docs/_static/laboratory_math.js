// The mathematics of the laboratory: descent, minimum, regimes, numbers from outside, the state as
// an address and as a script. Nothing here knows of the page; Node reads it for the tests.
"use strict";
const LaboratoryMath = (() => {
  const MAX_EPOCHS = 2000;
  const MAX_POINTS = 500;
  const LARGEST = 1e30; // of a number that is read: its square and sums of squares stay finite
  const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  function spread(x) {
    const middle = mean(x);
    return { mean: middle, variance: mean(x.map((value) => (value - middle) ** 2)) };
  }

  // Dataset.standardized(): mean 0, deviation 1 with n below the line; null if x is constant
  function standardize(x) {
    const { mean, variance } = spread(x);
    const scale = Math.sqrt(variance);
    return scale > 0 ? { mean, scale, x: x.map((value) => (value - mean) / scale) } : null;
  }

  function costAt(x, y, weight, bias) {
    return mean(x.map((value, i) => (weight * value + bias - y[i]) ** 2));
  }

  // least squares; of many minima, when x is constant, the level line
  function minimum(x, y) {
    const { mean: middle, variance } = spread(x);
    const level = mean(y);
    const slope = variance > 0 ? mean(x.map((v, i) => (v - middle) * (y[i] - level))) / variance : 0;
    const bias = level - slope * middle;
    return { weight: slope, bias, cost: costAt(x, y, slope, bias), unique: variance > 0 };
  }

  // The Hessian [[a, c], [c, 2]] of the cost: its eigenvalues, the smaller first, and the direction
  // of the larger one. The smaller comes from the determinant, where nothing cancels.
  function curvature(x) {
    const { mean: middle, variance } = spread(x);
    const a = 2 * (variance + middle ** 2);
    const c = 2 * middle;
    const large = (a + 2 + Math.hypot(a - 2, 2 * c)) / 2;
    const angle = Math.atan2(2 * c, a - 2) / 2;
    return { values: [4 * variance / large, large], direction: [Math.cos(angle), Math.sin(angle)] };
  }

  // the learning rate beyond which all rows at once diverge; 2/λmax without momentum
  function largestRate(largest, momentum, nesterov) {
    return 2 * (1 + momentum) / (nesterov ? 1 + 2 * momentum : 1) / largest;
  }

  // What becomes of the error in the direction of an eigenvalue: the larger root of
  // z² - sum z + product, in size, and whether the error changes its sign on the way.
  function factor(rate, eigenvalue, momentum, nesterov) {
    const kept = 1 - rate * eigenvalue;
    const sum = nesterov ? (1 + momentum) * kept : kept + momentum;
    const product = momentum * (nesterov ? kept : 1);
    const under = sum ** 2 - 4 * product;
    if (under < 0) return { size: Math.sqrt(product), turns: true };
    const roots = [sum + Math.sqrt(under), sum - Math.sqrt(under)].map((root) => root / 2);
    const size = Math.max(...roots.map(Math.abs));
    return { size, turns: roots.some((root) => root < 0 && Math.abs(root) >= size * (1 - 1e-12)) };
  }

  // "calm" and "swinging" converge; "limit" stays, "diverging" grows
  function regime(rate, values, momentum, nesterov) {
    const limit = largestRate(values[1], momentum, nesterov);
    const factors = values.map((value) => factor(rate, value, momentum, nesterov));
    const kept = Math.max(...factors.map(({ size }) => size));
    if (Math.abs(rate / limit - 1) < 1e-9) return { name: "limit", limit, kept };
    if (rate > limit) return { name: "diverging", limit, kept };
    return { name: factors.some(({ turns }) => turns) ? "swinging" : "calm", limit, kept };
  }

  // a new order of n rows at each call, the same in the Python script
  function shuffler(n) {
    let state = 0;
    return () => {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        const j = Math.floor(state * (i + 1) / 2 ** 32);
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    };
  }

  // A run of torch.optim.SGD that has not begun. Costs are measured before the update, as means
  // over the rows as they were used; weights and biases begin with the start.
  function begin({ x, y, lr, momentum = 0, nesterov = false, batch = 0, order, weight = 0, bias = 0 }) {
    const size = batch > 0 && batch < x.length ? batch : x.length;
    const rows = x.map((_, i) => i);
    const next = order || (size < x.length ? shuffler(x.length) : () => rows);
    return {
      x, y, lr, momentum, nesterov, size, next,
      velocity: [0, 0], costs: [], weights: [weight], biases: [bias], overflow: false,
    };
  }

  // Go on by so many epochs, or to the first that leaves the finite numbers, which is not kept.
  function advance(run, epochs) {
    const { x, y, lr, momentum, nesterov, size } = run;
    for (let epoch = 0; epoch < epochs && !run.overflow; epoch++) {
      const order = run.next();
      let weight = run.weights[run.costs.length];
      let bias = run.biases[run.costs.length];
      let [alongWeight, alongBias] = run.velocity;
      let total = 0;
      for (let start = 0; start < order.length; start += size) {
        const end = Math.min(start + size, order.length);
        let squares = 0, slope = 0, level = 0;
        for (let k = start; k < end; k++) {
          const i = order[k];
          const residual = weight * x[i] + bias - y[i];
          squares += residual * residual;
          slope += residual * x[i];
          level += residual;
        }
        slope *= 2 / (end - start);
        level *= 2 / (end - start);
        total += squares;
        alongWeight = momentum * alongWeight + slope;
        alongBias = momentum * alongBias + level;
        weight -= lr * (nesterov ? slope + momentum * alongWeight : alongWeight);
        bias -= lr * (nesterov ? level + momentum * alongBias : alongBias);
      }
      const cost = total / order.length;
      run.overflow = ![cost, weight, bias].every(Number.isFinite);
      if (run.overflow) return run;
      run.velocity = [alongWeight, alongBias];
      run.costs.push(cost);
      run.weights.push(weight);
      run.biases.push(bias);
    }
    return run;
  }

  // Read pasted numbers or a CSV: two to a line, perhaps below a line of names.
  function parse(text) {
    const points = [];
    const bad = [];
    let names = null;
    text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/).forEach((line, index) => {
      if (!line.trim()) return;
      const cells = split(line.trim());
      const values = cells.slice(0, 2).map((cell) => (NUMBER.test(cell) ? Number(cell) : NaN));
      const problem = (why, cell = "") => bad.push({ line: index + 1, why, cell });
      const wrong = values.findIndex((value) => Number.isNaN(value));
      if (!points.length && !bad.length && !names && cells.length > 1 && values.every(Number.isNaN)) {
        names = cells.slice(0, 2);
      } else if (cells.length < 2) problem("cells");
      else if (wrong >= 0) problem(cells[wrong] === "" ? "empty" : "number", cells[wrong]);
      else if (values.some((v) => Math.abs(v) > LARGEST)) problem("size");
      else if (points.length === MAX_POINTS) problem("many");
      else points.push(values);
    });
    return { points, bad, names };
  }

  // semicolons and tabs leave the comma to decimals
  function split(line) {
    const sign = [";", "\t", ","].find((candidate) => line.includes(candidate)) || /\s+/;
    const cells = line.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1").trim());
    return sign === "," ? cells : cells.map((c) => c.replace(/^([+-]?\d+),(\d+)$/, "$1.$2"));
  }

  const plain = (number) => String(number).replace("e+", "e");

  // The query of an address: what differs from the state in which the page opens.
  function toQuery(state, opening) {
    const parts = [];
    if (state.points) {
      parts.push("points=" + state.points.map((point) => point.map(plain).join(",")).join(";"));
    } else if (state.data !== opening.data) parts.push("data=" + state.data);
    for (const key of ["lr", "momentum", "batch", "weight", "bias", "epochs"]) {
      if (state[key] !== opening[key]) parts.push(`${key}=${plain(state[key])}`);
    }
    for (const key of ["nesterov", "standardise"]) {
      if (state[key] !== opening[key]) parts.push(`${key}=${Number(state[key])}`);
    }
    return parts.length ? "?" + parts.join("&") : "";
  }

  // The state of a query; what that says wrongly is as when the page opens.
  function fromQuery(query, opening, names) {
    const given = new URLSearchParams(query);
    const state = { ...opening };
    const number = (key, allowed) => {
      const text = given.get(key);
      if (text !== null && NUMBER.test(text) && allowed(Number(text))) state[key] = Number(text);
    };
    if (names.includes(given.get("data"))) state.data = given.get("data");
    const points = parse((given.get("points") || "").replaceAll(";", "\n"));
    if (points.points.length && !points.bad.length) state.points = points.points;
    number("lr", (v) => v > 0 && v <= LARGEST);
    number("momentum", (v) => v >= 0 && v < 1);
    number("batch", (v) => Number.isInteger(v) && v >= 0);
    for (const key of ["weight", "bias"]) number(key, (v) => Math.abs(v) <= LARGEST);
    number("epochs", (v) => Number.isInteger(v) && v >= 0 && v <= MAX_EPOCHS);
    for (const key of ["nesterov", "standardise"]) {
      if (["0", "1"].includes(given.get(key))) state[key] = given.get(key) === "1";
    }
    return state;
  }

  const float = (number) => (Number.isInteger(number) && Math.abs(number) < 1e16 ? `${number}.0` : `${number}`);

  function list(numbers) {
    const lines = [];
    for (const number of numbers.map(float)) {
      const last = lines.length - 1;
      if (last < 0 || lines[last].length + number.length > 78) lines.push(`    ${number},`);
      else lines[last] += ` ${number},`;
    }
    return `[\n${lines.join("\n")}\n]`;
  }

  // The script that computes what the page shows, in plain PyTorch; `say` holds its comments.
  function toScript({ x, y, lr, momentum, nesterov, batch, standardise, weight, bias, epochs }, say) {
    const parts = batch > 0 && batch < x.length;
    const options = [`lr=${float(lr)}`];
    if (momentum) options.push(`momentum=${momentum}`);
    if (momentum && nesterov) options.push("nesterov=True");
    const lines = [`# ${say.script_about}`, "import torch", "", `x = torch.tensor(${list(x)}, dtype=torch.float64)`];
    lines.push(`y = torch.tensor(${list(y)}, dtype=torch.float64)`);
    if (standardise) lines.push("", `# ${say.script_standardise}`, "x = (x - x.mean()) / x.std(correction=0)");
    lines.push("", `# ${say.script_start}`);
    lines.push(`w = torch.tensor(${float(weight)}, dtype=torch.float64, requires_grad=True)`);
    lines.push(`b = torch.tensor(${float(bias)}, dtype=torch.float64, requires_grad=True)`);
    lines.push(`optimizer = torch.optim.SGD([w, b], ${options.join(", ")})`);
    if (parts) {
      lines.push(
        "", `# ${say.script_order}`, "state = 0", "", "", "def shuffled(n):", "    global state",
        "    order = list(range(n))", "    for i in range(n - 1, 0, -1):",
        "        state = (1664525 * state + 1013904223) % 2**32",
        "        j = state * (i + 1) // 2**32",
        "        order[i], order[j] = order[j], order[i]", "    return order", "", "",
      );
    } else lines.push("");
    lines.push(`for epoch in range(${epochs}):`);
    const rows = parts ? "[rows]" : "";
    const indent = parts ? "        " : "    ";
    if (parts) lines.push(`    for rows in torch.tensor(shuffled(len(x))).split(${batch}):`);
    lines.push(
      `${indent}optimizer.zero_grad()`,
      `${indent}cost = (w * x${rows} + b - y${rows}).square().mean()`,
      `${indent}cost.backward()`, `${indent}optimizer.step()`, "",
      `# ${say.script_result}`, "cost = (w * x + b - y).square().mean()",
      "print(f\"cost {cost.item():.6g}  w {w.item():.6g}  b {b.item():.6g}\")", "",
    );
    return lines.join("\n");
  }

  return {
    MAX_EPOCHS, MAX_POINTS, spread, standardize, costAt, minimum, curvature, largestRate, regime, shuffler,
    begin, advance, parse, toQuery, fromQuery, toScript,
  };
})();
if (typeof module === "object") module.exports = LaboratoryMath;
