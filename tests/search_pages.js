// Answer queries as the search page does: node search_pages.js site/ko/ < queries.json > answers.json
"use strict";
const { readFileSync } = require("fs");
const { runInThisContext } = require("vm");

let answer;
globalThis.receiveSearchIndex = (index) => { answer = createSearch(index, new EnglishStemmer()); };
for (const name of ["base-stemmer", "english-stemmer", "search_match", "search_index"]) {
  runInThisContext(readFileSync(`${process.argv[2]}/_static/${name}.js`, "utf8"));
}
const found = (query) => {
  const { leads, results } = answer(query);
  const cut = (text, marks) => marks.map(({ start, end }) => text.slice(start, end));
  const marked = (result) => [
    ...cut(result.heading, result.headingMarks), ...cut(result.text, result.textMarks),
  ];
  return {
    leads: leads.map(({ term }) => term),
    results: results.map((result) => ({ url: result.url, marked: marked(result) })),
  };
};
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(found)));
