// A box is a stop of the keyboard while it scrolls, and only then.
"use strict";
(function () {
  var boxes = document.querySelectorAll("main pre, .formula, .table-wrapper");
  function update(box) {
    var scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.setAttribute("tabindex", "0");
    else box.removeAttribute("tabindex");
  }
  var observer = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) { update(entry.target); });
  });
  boxes.forEach(function (box) {
    update(box);
    observer.observe(box);
  });
})();
