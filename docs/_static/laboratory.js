// The laboratory of a page: draw what laboratory_math.js computes, and pass on what the reader does.
"use strict";
(() => {
  const M = LaboratoryMath;
  const root = document.querySelector(".lab");
  const part = (name) => root.querySelector(".lab-" + name);
  const { opening, datasets, strings } = JSON.parse(root.querySelector("script").textContent);
  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const SVG = "http://www.w3.org/2000/svg";
  const LEVELS = [16, 4, 1, 1 / 4, 1 / 16, 1 / 64, 1 / 256]; // of the cost at the start
  const FAR = 1e4; // pixels; what lies beyond is not seen

  let state = M.fromQuery(location.search, opening, datasets.map((data) => data.name));
  let points, used, scaled, run, lowest, view, trail, active = 0, timer = 0, saving = 0;

  const say = (name, values = {}) => strings[name].replace(/\{(\w+)\}/g, (hole, key) => values[key]);

  function add(parent, tag, attributes = {}) {
    const element = document.createElementNS(parent instanceof SVGElement ? SVG : parent.namespaceURI, tag);
    set(element, attributes);
    parent.append(element);
    return element;
  }
  function set(element, attributes) {
    for (const name in attributes) element.setAttribute(name, attributes[name]);
  }
  const px = (length) => Math.round(length * 10) / 10;
  const trace = (element, d) => element.setAttribute("d", d);

  // --- numbers ---

  const minus = (text) => text.replace("-", "\u2212");
  // six digits; 0 for what rounding has left of nothing, beside the largest of the run
  function shown(value, largest, smallest) {
    if (!Number.isFinite(value)) return "∞";
    return minus(String(Math.abs(value) <= largest * smallest ? 0 : Number(value.toPrecision(6))));
  }
  const brief = (value) => minus(String(Number(value.toPrecision(4))));
  const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  function now() {
    const epoch = run.costs.length;
    const weight = run.weights[epoch];
    const bias = run.biases[epoch];
    const cost = M.costAt(used, columns().y, weight, bias);
    const words = {
      epoch,
      cost: shown(cost, Math.max(cost, largest(run.costs)), 1e-18),
      w: shown(weight, Math.max(largest(run.weights), Math.abs(lowest.weight)), 1e-9),
      b: shown(bias, Math.max(largest(run.biases), Math.abs(lowest.bias)), 1e-9),
    };
    return { epoch, weight, bias, cost, words };
  }
  const ending = () => (run.overflow ? say("overflow", { epoch: run.costs.length })
    : run.costs.length === M.MAX_EPOCHS ? say("end", { epoch: M.MAX_EPOCHS }) : "");

  // --- scales ---

  function between(low, high, from, to) {
    const pixels = (to - from) / (high - low);
    return {
      low, high,
      at: (value) => Math.max(-FAR, Math.min(FAR, from + (value - low) * pixels)),
      back: (pixel) => Math.min(high, Math.max(low, low + (pixel - from) / pixels)),
      length: Math.abs(pixels),
    };
  }
  function ticks(low, high, count) {
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  }
  const unit = ({ low, high }) => 10 ** Math.floor(Math.log10((high - low) / 100));
  const rounded = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

  // --- what there is to see ---

  function readData() {
    const data = datasets.find(({ name }) => name === state.data);
    points = state.points ? state.points.map((point) => [...point]) : data.x.map((x, i) => [x, data.y[i]]);
    active = Math.min(active, points.length - 1);
  }
  const columns = () => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) });
  function compute() {
    const { x, y } = columns();
    scaled = state.standardise ? M.standardize(x) : null;
    used = scaled ? scaled.x : x;
    if (state.batch >= x.length) state.batch = 0;
    lowest = M.minimum(used, y);
    run = M.advance(M.begin({ ...state, x: used, y }), state.epochs);
  }
  function frame() {
    const range = (values, pad) => {
      const low = Math.min(...values), high = Math.max(...values);
      const more = pad * (high - low || Math.abs(high) || 1);
      return [low - more, high + more];
    };
    const { mean, variance } = M.spread(used);
    const reach = Math.sqrt(variance + mean ** 2) || 1;
    const away = [1.25 * Math.abs(state.weight - lowest.weight), 1.25 * Math.abs(state.bias - lowest.bias)];
    const width = Math.max(away[0], 0.6 * away[1] / reach) || 1;
    const height = Math.max(away[1], 0.6 * width * reach);
    view = {
      x: range(columns().x, 0.15), y: range(columns().y, 0.25),
      w: [lowest.weight - width, lowest.weight + width], b: [lowest.bias - height, lowest.bias + height],
    };
  }

  // --- the three drawings ---

  const drawings = ["fit", "surface", "curve"].map((name) => {
    const svg = part(name);
    const clip = add(add(add(svg, "defs"), "clipPath", { id: "lab-clip-" + name }), "rect");
    const axes = add(svg, "g", { class: "lab-axes", "aria-hidden": "true" });
    const body = add(svg, "g", { "clip-path": `url(#lab-clip-${name})`, "aria-hidden": "true" });
    return { name, svg, clip, axes, body, handles: add(svg, "g") };
  });
  const [fit, surface, curve] = drawings;
  fit.squares = add(fit.body, "path", { class: "lab-squares" });
  fit.line = add(fit.body, "path", { class: "lab-line" });
  surface.levels = LEVELS.map(() => add(surface.body, "path", { class: "lab-level" }));
  surface.path = add(surface.body, "path", { class: "lab-path" });
  surface.steps = add(surface.body, "path", { class: "lab-steps" });
  surface.now = add(surface.body, "circle", { class: "lab-now", r: 6 });
  surface.lowest = add(surface.body, "path", { class: "lab-bottom" });
  surface.start = handle(surface.handles, "lab-start-dot");
  surface.start.tabIndex = 0;
  curve.floor = add(curve.body, "path", { class: "lab-floor" });
  curve.path = add(curve.body, "path", { class: "lab-path" });
  curve.now = add(curve.body, "circle", { class: "lab-now", r: 4 });

  function handle(parent, look) {
    const group = add(parent, "g", { class: "lab-handle", role: "slider", "aria-valuemin": 0, "aria-valuemax": 100 });
    add(group, "circle", { class: "lab-target", r: 14 });
    add(group, "circle", { class: look, r: 6 });
    return group;
  }
  function placeHandle(group, [x, y], share, label, text) {
    set(group, {
      transform: `translate(${px(x)} ${px(y)})`, "aria-label": label, "aria-valuetext": text,
      "aria-valuenow": Math.round(100 * share),
    });
  }

  function size() {
    for (const drawing of drawings) {
      const width = Math.max(200, Math.round(drawing.svg.parentElement.clientWidth));
      const height = drawing === curve ? 150 : Math.round(Math.min(330, Math.max(230, width * 0.8)));
      Object.assign(drawing, { left: 44, right: width - 10, top: 8, bottom: height - 32 });
      set(drawing.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
      const { left, top, right, bottom } = drawing;
      const more = drawing === curve ? 6 : 0; // for the dot at the end
      set(drawing.clip, { x: left, y: top - more, width: right - left + more, height: bottom - top + 2 * more });
    }
  }
  function axis(drawing, horizontal, scale, marks, label) {
    const { axes, left, right, top, bottom } = drawing;
    for (const [value, text] of marks) {
      const at = scale.at(value);
      add(axes, "path", { d: horizontal ? `M${at} ${top}V${bottom}` : `M${left} ${at}H${right}` });
      const place = horizontal ? { x: at, y: bottom + 15, "text-anchor": "middle" }
        : { x: left - 5, y: at + 4, "text-anchor": "end" };
      add(axes, "text", place).textContent = text;
    }
    const place = horizontal ? { x: (left + right) / 2, y: bottom + 29, "text-anchor": "middle" }
      : { x: 12, y: (top + bottom) / 2, transform: `rotate(-90 12 ${(top + bottom) / 2})`, "text-anchor": "middle" };
    add(axes, "text", { ...place, class: "lab-axis-name" }).textContent = label;
  }
  const labelled = (values) => values.map((value) => [value, brief(value)]);

  function drawFrames() {
    for (const [drawing, across, up] of [[fit, "x", "y"], [surface, "w", "b"]]) {
      const { left, right, top, bottom } = drawing;
      drawing.axes.replaceChildren();
      drawing.across = between(...view[across], left, right);
      drawing.up = between(...view[up], bottom, top);
      axis(drawing, true, drawing.across, labelled(ticks(...view[across], 5)), across);
      axis(drawing, false, drawing.up, labelled(ticks(...view[up], 5)), up);
    }
  }

  function drawHandles(dragging) {
    const { handles, across, up } = fit;
    while (handles.children.length > points.length) handles.lastChild.remove();
    while (handles.children.length < points.length) handle(handles, "lab-point");
    points.forEach(([x, y], i) => {
      if (dragging && i !== active) return;
      const group = handles.children[i];
      group.dataset.index = i;
      group.setAttribute("tabindex", i === active ? 0 : -1);
      placeHandle(
        group, [across.at(x), up.at(y)], (y - up.low) / (up.high - up.low),
        say("point", { i: i + 1, n: points.length }), `x ${brief(x)}, y ${brief(y)}`,
      );
    });
    placeHandle(
      surface.start, [surface.across.at(state.weight), surface.up.at(state.bias)],
      (state.weight - surface.across.low) / (surface.across.high - surface.across.low),
      say("start"), `w ${brief(state.weight)}, b ${brief(state.bias)}`,
    );
  }

  // Contours: w away from the minimum, b is -mean w ± the root of (excess cost - variance w²).
  function drawLevels() {
    const { across, up } = surface;
    const { mean, variance } = M.spread(used);
    const away = across.high - lowest.weight;
    const over = M.costAt(used, columns().y, state.weight, state.bias) - lowest.cost;
    const excess = over > 1e-12 * lowest.cost && over > 0 ? over : variance * away ** 2 || 1;
    LEVELS.forEach((level, index) => {
      const reach = Math.sqrt(level * excess / variance);
      const most = Math.acos(Math.min(1, 1.1 * away / reach));
      const sides = [[], []];
      for (let k = 0; k <= 48; k++) {
        const turn = most + k / 48 * (Math.PI - 2 * most);
        const w = Number.isFinite(reach) ? reach * Math.cos(turn) : away * 1.1 * (1 - k / 24);
        const half = Math.sqrt(level * excess) * (Number.isFinite(reach) ? Math.sin(turn) : 1);
        const x = px(across.at(lowest.weight + w));
        sides[0].push(`${x} ${px(up.at(lowest.bias - mean * w + half))}`);
        sides[1].unshift(`${x} ${px(up.at(lowest.bias - mean * w - half))}`);
      }
      trace(surface.levels[index], `M${sides.flat().join("L")}Z`);
    });
    const x = across.at(lowest.weight), at = up.at(lowest.bias);
    trace(surface.lowest, lowest.unique ? `M${x - 5} ${at - 5}l10 10m0 -10l-10 10` : "");
  }

  // --- what changes with every epoch ---

  function drawRun() {
    const { epoch, weight, bias, cost, words } = now();
    const slope = scaled ? weight / scaled.scale : weight;
    const level = scaled ? bias - slope * scaled.mean : bias;
    const [low, high] = view.x;
    const { across, up } = fit;
    trace(fit.line, `M${across.at(low)} ${up.at(slope * low + level)}L${across.at(high)} ${up.at(slope * high + level)}`);
    trace(fit.squares, points.map(([x, y]) => {
      const from = up.at(y), side = up.at(slope * x + level) - from;
      let width = slope > 0 ? side : -side; // away from the line, unless it would be cut off
      if (across.at(x) + width > fit.right || across.at(x) + width < fit.left) width = -width;
      return `M${px(across.at(x))} ${px(from)}v${px(side)}h${px(width)}v${px(-side)}z`;
    }).join(""));

    for (; trail.epochs <= epoch; trail.epochs++) {
      const i = trail.epochs;
      const place = `${px(surface.across.at(run.weights[i]))} ${px(surface.up.at(run.biases[i]))}`;
      if (place !== trail.places.at(-1)) trail.places.push(place);
    }
    trace(surface.path, "M" + trail.places.join("L"));
    trace(surface.steps, trail.places.length > 400 ? "" : `M${trail.places.join("h0M")}h0`);
    set(surface.now, { cx: surface.across.at(weight), cy: surface.up.at(bias) });

    drawCurve([...run.costs, cost]);
    part("readout").textContent = say("readout", words).replaceAll(" ", "\u00a0").replaceAll("·\u00a0", "· ");
    part("end").textContent = ending();
  }
  function drawCurve(costs) {
    const { axes, left, right, top, bottom } = curve;
    const finite = costs.filter(Number.isFinite);
    const most = Math.max(...finite, lowest.cost) || 1;
    const floor = lowest.cost > most / 1000 ? lowest.cost : Infinity;
    const least = Math.max(Math.min(...finite, floor), most * 1e-16);
    const logs = costs.map((cost) => Math.log10(Math.min(Math.max(cost, least), most)));
    const air = 0.08 * Math.log10(most / least) || 0.1;
    const up = between(Math.log10(least) - air, Math.log10(most) + air, bottom, top);
    const last = Math.max(20, costs.length - 1);
    const across = between(0, ticks(0, last, 5).find((t) => t >= last) || last, left, right);
    axes.replaceChildren();
    axis(curve, true, across, labelled(ticks(0, across.high, 6)), say("epoch"));
    axis(curve, false, up, up.high - up.low < 2 ? ticks(10 ** up.low, 10 ** up.high, 4)
      .map((cost) => [Math.log10(cost), brief(cost)]) : ticks(up.low, up.high, 4).filter(Number.isInteger)
      .map((power) => [power, "10" + raised(power)]), say("cost"));
    const every = Math.max(1, Math.floor(costs.length / 800));
    const places = logs.map((log, i) => [i, log]).filter(([i]) => i % every === 0 || i === costs.length - 1);
    const at = places.map(([i, log]) => `${px(across.at(i))} ${px(up.at(log))}`);
    trace(curve.path, "M" + at.join("L"));
    set(curve.now, { cx: across.at(costs.length - 1), cy: up.at(logs[logs.length - 1]) });
    trace(curve.floor, `M${left} ${up.at(Math.log10(floor))}H${right}`);
  }
  const raised = (power) => String(power).replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

  // --- the controls ---

  function drawControls() {
    const { values } = M.curvature(used);
    const found = M.regime(state.lr, values, state.momentum, state.nesterov);
    const plain = 2 / values[1];
    part("lr").value = Math.log10(state.lr);
    part("lr").setAttribute("aria-valuetext", `${brief(state.lr)}, ${say(found.name)}`);
    if (document.activeElement !== part("lr-number")) part("lr-number").value = String(state.lr);
    const marks = part("marks");
    marks.replaceChildren();
    mark(plain, `2/λmax = ${brief(plain)}`);
    if (state.momentum) mark(found.limit, "", "lab-limit");
    const words = [say(found.name)];
    if (found.name === "diverging") words.push(say("grows", { kept: brief(found.kept) }));
    else if (found.name !== "limit") words.push(say("lost", { lost: brief(100 * (1 - found.kept)) }));
    if (state.momentum) words.push(say("with_momentum", { limit: brief(found.limit) }));
    if (state.batch) words.push(say("batches"));
    if (!lowest.unique) words.push(say("flat"));
    part("regime").textContent = words.join(" ");
    part("regime").dataset.regime = found.name;
    const n = points.length;
    part("momentum").value = state.momentum;
    part("momentum-value").textContent = brief(state.momentum);
    part("nesterov").checked = state.nesterov;
    part("nesterov").disabled = !state.momentum;
    part("batch").max = n;
    part("batch").value = state.batch || n;
    part("batch").disabled = n < 2;
    part("batch-value").textContent = state.batch ? say("some", { n: state.batch, all: n }) : say("all", { n });
    part("batch").setAttribute("aria-valuetext", part("batch-value").textContent);
    part("standardise").checked = state.standardise;
    part("remove").disabled = n < 2;
    part("add").disabled = n >= M.MAX_POINTS;
    part("data").lastChild.hidden = !state.points;
    part("data").value = state.points ? "" : state.data;
  }
  function mark(rate, text, look = "") {
    const share = (Math.log10(rate) + 6) / 7;
    if (share < 0 || share > 1) return;
    const line = add(part("marks"), "span", { class: "lab-mark " + look });
    line.style.left = `calc(8px + ${share} * (100% - 16px))`;
    line.dataset.side = share > 0.5 ? "left" : "right";
    line.textContent = text;
  }

  function drawTables() {
    if (!part("tables").open || timer) return;
    const { weight, bias } = now();
    part("minimum").textContent = lowest.unique
      ? say("minimum", { w: brief(lowest.weight), b: brief(lowest.bias), cost: brief(lowest.cost) }) : say("flat");
    const rows = points.map(([x, y], i) => {
      const prediction = weight * used[i] + bias;
      return [i + 1, x, y, prediction, prediction - y];
    });
    fill(part("data-table").tBodies[0], rows);
    const every = Math.ceil(run.costs.length / 40) || 1;
    const epochs = run.costs.map((cost, i) => [i, cost, run.weights[i + 1], run.biases[i + 1]]);
    fill(part("path-table").tBodies[0], epochs.filter(([i]) => i % every === 0 || i === epochs.length - 1));
  }
  function fill(body, rows) {
    body.replaceChildren(...rows.map((cells) => {
      const row = document.createElement("tr");
      cells.forEach((cell, i) => { add(row, i ? "td" : "th", i ? {} : { scope: "row" }).textContent = brief(cell); });
      return row;
    }));
  }

  function announce(text) { part("status").textContent = text; }
  const report = () => announce(`${part("readout").textContent}. ${ending()} ${part("regime").textContent}`);

  // what is dragged does not change the frame under the hand
  function draw(dragging = false) {
    compute();
    if (!dragging) {
      frame();
      drawFrames();
    }
    trail = { epochs: 0, places: [] };
    drawLevels();
    drawHandles(dragging);
    drawRun();
    drawControls();
    drawTables();
    save();
  }
  function save() {
    clearTimeout(saving);
    saving = setTimeout(() => {
      if (!timer) history.replaceState(null, "", address());
    }, 250);
  }
  const address = () => location.pathname + M.toQuery(state, opening) + location.hash;

  // --- running ---

  function go() {
    let last = performance.now(), due = 1;
    part("run").textContent = say("pause");
    timer = requestAnimationFrame(function tick(time) {
      due += (time - last) * part("speed").value / 1000;
      last = time;
      const steps = Math.floor(Math.max(due, 0));
      due -= steps;
      if (steps) forward(steps);
      if (ending()) halt();
      else timer = requestAnimationFrame(tick);
    });
  }
  function forward(steps) {
    M.advance(run, Math.min(steps, M.MAX_EPOCHS - run.costs.length));
    state.epochs = run.costs.length;
    drawRun();
  }
  function halt() {
    if (!timer) return;
    cancelAnimationFrame(timer);
    timer = 0;
    part("run").textContent = say("run");
    settled();
  }
  function settled() {
    drawTables();
    save();
    report();
  }
  part("run").addEventListener("click", () => {
    if (timer) return halt();
    if (ending()) state.epochs = 0, draw();
    if (!stillness.matches) return go();
    forward(100); // for those who want less motion, a hundred at once
    settled();
  });
  part("step").addEventListener("click", () => {
    halt();
    forward(1);
    settled();
  });
  part("reset").addEventListener("click", () => {
    halt();
    state.epochs = 0;
    draw();
    report();
  });

  // --- knobs ---

  const change = (changes) => {
    Object.assign(state, changes);
    draw();
  };
  part("lr").addEventListener("input", (event) => change({ lr: Number((10 ** event.target.value).toPrecision(3)) }));
  part("lr-number").addEventListener("change", (event) => {
    const rate = Number(event.target.value);
    if (rate > 0 && rate < 1e30) change({ lr: rate });
    event.target.value = String(state.lr);
  });
  part("momentum").addEventListener("input", (event) => change({
    momentum: Number(event.target.value), nesterov: state.nesterov && event.target.value > 0,
  }));
  part("batch").addEventListener("input", (event) => change({ batch: event.target.value % points.length }));
  for (const name of ["nesterov", "standardise"]) {
    part(name).addEventListener("change", (event) => change({ [name]: event.target.checked }));
  }
  for (const name of ["lr", "lr-number", "momentum", "batch", "nesterov", "standardise"]) {
    part(name).addEventListener("change", report);
  }
  datasets.forEach(({ name, title }) => { add(part("data"), "option", { value: name }).textContent = title; });
  add(part("data"), "option", { value: "" }).textContent = say("own");
  part("data").addEventListener("change", (event) => {
    halt();
    choose({ data: event.target.value, points: null });
  });
  function choose(changes) {
    Object.assign(state, changes);
    readData();
    draw();
    report();
  }

  // --- points and start ---

  function place(drawing, event) {
    const box = drawing.svg.getBoundingClientRect();
    return [drawing.across.back(event.clientX - box.left), drawing.up.back(event.clientY - box.top)];
  }
  function tidy(drawing, [across, up]) {
    return [rounded(across, unit(drawing.across)), rounded(up, unit(drawing.up))];
  }
  function movePoint(i, to, dragging) {
    points[i] = to;
    state.points = points.map((point) => [...point]);
    draw(dragging);
  }
  function moveStart([weight, bias], dragging) {
    Object.assign(state, { weight, bias });
    draw(dragging);
  }
  function choosePoint(i) {
    active = Math.max(0, Math.min(points.length - 1, i));
    drawHandles();
  }
  const indexOf = (event) => {
    const group = event.target.closest(".lab-handle");
    return group && fit.handles.contains(group) ? Number(group.dataset.index) : -1;
  };

  function draggable(drawing, grab, drag, tap) {
    let held = null;
    drawing.svg.addEventListener("pointerdown", (event) => {
      held = event.button === 0 ? grab(event) : null;
      if (held === null) return;
      event.preventDefault();
      event.target.closest(".lab-handle").focus({ preventScroll: true });
      drawing.svg.setPointerCapture(event.pointerId);
    });
    drawing.svg.addEventListener("touchstart", (event) => { // or the page would scroll
      if (event.target.closest(".lab-handle")) event.preventDefault();
    }, { passive: false });
    drawing.svg.addEventListener("pointermove", (event) => {
      if (held !== null) drag(held, tidy(drawing, place(drawing, event)), true);
    });
    for (const type of ["pointerup", "pointercancel"]) {
      drawing.svg.addEventListener(type, () => {
        if (held === null) return;
        draw();
        setTimeout(() => { held = null; }); // after the click that ends a drag
        report();
      });
    }
    drawing.svg.addEventListener("click", (event) => {
      if (held === null && !event.target.closest(".lab-handle")) tap(tidy(drawing, place(drawing, event)));
    });
  }
  draggable(fit, (event) => {
    const i = indexOf(event);
    if (i < 0) return null;
    choosePoint(i);
    return i;
  }, movePoint, addPoint);
  draggable(surface, (event) => (event.target.closest(".lab-handle") ? 0 : null), (held, to) => moveStart(to, true), (to) => {
    moveStart(to, false);
    report();
  });

  function addPoint(to) {
    if (points.length >= M.MAX_POINTS) return;
    active = points.length;
    movePoint(active, to, false);
    announce(say("added", { i: active + 1, x: brief(to[0]), y: brief(to[1]) }));
  }
  function removePoint() {
    if (points.length < 2) return;
    points.splice(active, 1);
    active = Math.min(active, points.length - 1);
    movePoint(active, points[active], false);
    announce(say("removed", { n: points.length }));
  }
  part("add").addEventListener("click", () => {
    addPoint(tidy(fit, [(view.x[0] + view.x[1]) / 2, (view.y[0] + view.y[1]) / 2]));
    fit.handles.children[active].focus();
  });
  part("remove").addEventListener("click", removePoint);

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  function moved(drawing, [across, up], event) {
    const [right, upwards] = ARROWS[event.key].map((step) => step * (event.shiftKey ? 10 : 1));
    return tidy(drawing, [across + right * unit(drawing.across), up + upwards * unit(drawing.up)]);
  }
  fit.svg.addEventListener("keydown", (event) => {
    const turns = { PageUp: active - 1, PageDown: active + 1, Home: 0, End: points.length - 1 };
    if (event.key in ARROWS) movePoint(active, moved(fit, points[active], event), true);
    else if (event.key in turns) choosePoint(turns[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") removePoint();
    else return;
    event.preventDefault();
    fit.handles.children[active].focus({ preventScroll: true });
  });
  surface.svg.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    moveStart(moved(surface, [state.weight, state.bias], event), true);
  });
  for (const drawing of [fit, surface]) {
    drawing.svg.addEventListener("keyup", (event) => {
      if (event.key in ARROWS) draw(); // the frame follows when the hand rests
    });
  }

  // --- the reader's own numbers ---

  function take(text) {
    const { points: read, bad } = M.parse(text);
    const lines = part("lines");
    lines.replaceChildren();
    add(lines, "p").textContent = read.length ? say("kept_lines", { n: read.length }) : say("no_lines");
    for (const { line, why, cell } of bad.slice(0, 20)) {
      add(lines, "p").textContent = say("line", { line, why: say(why, { cell, n: M.MAX_POINTS }) });
    }
    if (bad.length > 20) add(lines, "p").textContent = `+ ${bad.length - 20}`;
    halt();
    if (read.length) choose({ points: read });
  }
  part("use").addEventListener("click", () => take(part("numbers").value));
  part("file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const bytes = await file.arrayBuffer();
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (error) {
      text = new TextDecoder("euc-kr").decode(bytes); // as Korean spreadsheets write
    }
    part("numbers").value = text.slice(0, 1e5);
    take(text);
  });
  part("own").addEventListener("toggle", () => {
    if (part("own").open && !part("numbers").value) {
      part("numbers").value = points.map((point) => point.join(", ")).join("\n");
    }
  });
  part("tables").addEventListener("toggle", drawTables);

  // --- copying ---

  function copyable(button, text) {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      halt();
      const area = part("text");
      try {
        await navigator.clipboard.writeText(text());
        area.hidden = true;
        announce(button.textContent = say("copied"));
        setTimeout(() => { button.textContent = label; }, 2000);
      } catch (error) { // not allowed, or a page that came by plain http
        area.hidden = false;
        area.value = text();
        area.select();
        announce(say("by_hand"));
      }
    });
  }
  copyable(part("copy-link"), () => new URL(address(), location.href).href);
  copyable(part("copy-script"), () => M.toScript({
    ...state, ...columns(), epochs: run.costs.length, standardise: Boolean(scaled),
  }, strings));

  root.hidden = false;
  readData();
  size();
  draw();
  new ResizeObserver(() => {
    size();
    draw();
  }).observe(root);
})();
