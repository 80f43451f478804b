// Escape puts away the meaning of a term, until the pointer or the focus moves on.
"use strict";
(function () {
  var page = document.documentElement.classList;
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") page.add("no-hints");
  });
  ["mouseover", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function () {
      page.remove("no-hints");
    });
  });
})();
