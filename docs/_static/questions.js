// Remember the reader's answers in this browser, and show how many of them are right.
"use strict";
(function () {
  var KEY = "linreg_tutorial.answers"; // label of a question: number of the option
  var questions = document.querySelectorAll("fieldset.question");
  var progress = document.querySelector(".progress");

  function read() {
    try {
      return Object.assign({}, JSON.parse(localStorage.getItem(KEY)));
    } catch (error) {
      return {}; // there is no storage, or something else in it
    }
  }
  function write(answers) {
    try {
      localStorage.setItem(KEY, JSON.stringify(answers));
      return true;
    } catch (error) {
      return false; // there is no storage, or it is full
    }
  }
  function restore() {
    var answers = read();
    document.querySelectorAll(".question input").forEach(function (input) {
      input.checked = answers[input.name] === Number(input.value);
    });
  }
  function count() {
    var answers = read();
    progress.querySelector("button").hidden = !Object.keys(answers).length;
    progress.querySelectorAll("[data-questions]").forEach(function (line) {
      var asked = Object.entries(JSON.parse(line.dataset.questions));
      var right = asked.filter(function (pair) { return answers[pair[0]] === pair[1]; }).length;
      line.querySelector("progress").value = right;
      line.querySelector("span").textContent =
        progress.dataset.text.replace("{right}", right).replace("{all}", asked.length);
    });
  }
  function show() {
    restore();
    if (progress) count();
  }

  if (!write(read())) return; // nothing can be kept: questions answer all the same
  questions.forEach(function (question) {
    question.addEventListener("change", function (event) {
      var answers = read();
      answers[event.target.name] = Number(event.target.value);
      write(answers);
      if (progress) count();
    });
  });
  if (progress) {
    progress.querySelector("button").addEventListener("click", function () {
      if (!window.confirm(progress.dataset.confirm)) return;
      write({});
      show();
      progress.tabIndex = -1;
      progress.focus(); // the button is gone
    });
    progress.hidden = false;
  }
  show();
  // also when one comes back to the page, or answers in another window
  window.addEventListener("pageshow", show);
  window.addEventListener("storage", show);
})();
