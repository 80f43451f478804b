// The search page: take the query from the address, fetch the index, show what search_match.js finds.
"use strict";
(() => {
  const scripts = document.currentScript.dataset.scripts.split(" ");
  const form = document.getElementById("search-form");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const query = (new URLSearchParams(location.search).get("q") || "").trim();
  const AROUND = 70; // characters of a snippet on either side of its first hit

  form.hidden = false;
  form.q.value = query;
  if (!query) return form.q.focus();

  status.textContent = status.dataset.searching;
  document.title = query + " - " + document.title;
  window.receiveSearchIndex = (index) => {
    const answer = createSearch(index, new EnglishStemmer())(query);
    const count = answer.results.length;
    const wording = count === 0 ? "none" : count === 1 ? "one" : "many";
    const found = fill(status.dataset[wording], { n: count, query });
    status.textContent = [found, ...answer.leads.map((lead) => fill(status.dataset.lead, lead))].join(" ");
    answer.results.forEach(show);
  };
  scripts.forEach((address) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = false; // one after the other
    document.head.append(script);
  });

  function show(result) {
    const item = add(list, "li");
    const link = add(item, "a");
    link.href = result.url;
    if (result.heading !== result.title) add(link, "span", "search-page").textContent = result.title;
    mark(add(link, "span", "search-heading"), result.heading, result.headingMarks);
    const first = result.textMarks.length ? result.textMarks[0].start : 0;
    const start = Math.min(first, wordStart(result.text, first - AROUND));
    const end = wordStart(result.text, first + 2 * AROUND);
    if (end > start) {
      const snippet = add(item, "p", result.inCode ? "search-code" : "");
      mark(snippet, result.text, result.textMarks, start, end);
      if (start > 0) snippet.prepend("… ");
      if (end < result.text.length) snippet.append(" …");
    }
  }

  // the text from start to end, each hit in a <mark>
  function mark(element, text, marks, start = 0, end = text.length) {
    let done = start;
    marks.forEach((hit) => {
      if (hit.start < done || hit.end > end) return;
      element.append(text.slice(done, hit.start));
      add(element, "mark").textContent = text.slice(hit.start, hit.end);
      done = hit.end;
    });
    element.append(text.slice(done, end));
  }

  function wordStart(text, at) {
    if (at <= 0) return 0;
    if (at >= text.length) return text.length;
    const space = text.slice(at).search(/\s/);
    return space < 0 ? text.length : at + space + 1;
  }

  function add(parent, tag, name) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    parent.append(element);
    return element;
  }

  function fill(wording, values) {
    return wording.replace(/\{(\w+)\}/g, (hole, name) => values[name]);
  }
})();
