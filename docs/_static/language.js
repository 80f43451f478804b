// Follow the reader from one language to the other: the same section, what was searched for, and
// the choice remembered.
"use strict";
document.addEventListener("click", function (event) {
  var link = event.target.closest("a[data-language]");
  if (!link) return;
  link.search = window.location.search;
  link.hash = window.location.hash;
  try {
    localStorage.setItem("language", link.dataset.language);
  } catch (error) {
    // a browser without storage forgets the choice
  }
});
