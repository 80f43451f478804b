// Answer with what the laboratory's mathematics returns: node laboratory_runs.js < calls > answers
"use strict";
const { readFileSync } = require("fs");
const math = require("../docs/_static/laboratory_math.js");

const functions = {
  ...math,
  // a whole run, by standardised data if asked for, the rows in the orders given or in its own
  train({ standardise, orders, epochs, ...setting }) {
    if (standardise) setting.x = math.standardize(setting.x).x;
    if (orders) setting.order = () => orders.shift();
    return math.advance(math.begin(setting), epochs);
  },
  orders: (n, count) => Array.from({ length: count }, math.shuffler(n)),
};
const calls = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(calls.map(([name, ...given]) => functions[name](...given))));
