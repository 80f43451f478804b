// Give each code block a button that copies what a reader can run: no prompts, no outputs.
"use strict";
(function () {
  var texts = document.currentScript.dataset;

  function codeOf(pre) {
    if (!pre.querySelector(".gp")) return pre.textContent.trimEnd() + "\n";
    var session = pre.cloneNode(true);
    session.querySelectorAll(".gp").forEach(function (prompt) { prompt.textContent = "\0"; });
    return session.textContent.split("\n")
      .filter(function (line) { return line[0] === "\0"; })
      .map(function (line) { return line.slice(1).replace(/^ (?=\S)/, "") + "\n"; })
      .join("");
  }
  function copyOldWay(text) { // a page that came by plain http has no navigator.clipboard
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject();
  }
  function copy(text) {
    if (!navigator.clipboard) return copyOldWay(text);
    return navigator.clipboard.writeText(text).catch(function () { return copyOldWay(text); });
  }

  document.querySelectorAll("div.highlight > pre").forEach(function (pre) {
    if (pre.closest(".sphx-glr-script-out, .cell_output, .highlight-none, .highlight-text")) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.setAttribute("aria-live", "polite");
    button.textContent = texts.copy;
    button.addEventListener("click", function () {
      copy(codeOf(pre)).then(function () {
        button.focus();
        button.textContent = texts.copied;
        setTimeout(function () { button.textContent = texts.copy; }, 2000);
      }, function () {
        window.getSelection().selectAllChildren(pre); // left to the reader's own keys
      });
    });
    pre.parentNode.after(button);
  });
})();
