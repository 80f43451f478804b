// The drawers beside the text, for the keyboard: Enter opens one as Space does, the focus goes in,
// and Escape closes it.
"use strict";
(function () {
  var drawers = { __navigation: ".sidebar-drawer", __toc: ".toc-drawer" };
  document.addEventListener("change", function (event) {
    if (!(event.target.id in drawers) || !event.target.checked) return;
    var links = document.querySelectorAll(drawers[event.target.id] + " a");
    Array.from(links).find(function (link) { return link.getClientRects().length; }).focus();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.type === "checkbox") event.target.click();
    var open = event.key === "Escape" && document.querySelector(".sidebar-toggle:checked");
    if (!open) return;
    open.click();
    open.focus();
  });
})();
