// Play the animations of a page. The frames lie one above the other in an SVG; one is shown.
"use strict";
document.querySelectorAll("figure.animation").forEach(function (figure) {
  var groups = figure.querySelectorAll(".frames");
  var button = figure.querySelector("button");
  var slider = figure.querySelector("input");
  var last = Number(slider.max);
  var shown = last;
  var timer = null;

  function show(frame) {
    groups.forEach(function (group) {
      group.children[shown].setAttribute("display", "none");
      group.children[frame].removeAttribute("display");
    });
    shown = frame;
    slider.value = frame;
  }
  function pause() {
    clearInterval(timer);
    timer = null;
    button.textContent = button.dataset.play;
  }
  function step() {
    if (shown === last) pause();
    else show(shown + 1);
  }
  function play() {
    if (shown === last) show(0);
    timer = setInterval(step, Number(figure.dataset.interval));
    button.textContent = button.dataset.pause;
  }

  figure.querySelector(".controls").hidden = false;
  button.addEventListener("click", function () {
    if (timer === null) play();
    else pause();
  });
  slider.addEventListener("input", function () {
    pause();
    show(Number(slider.value));
  });

  // begin once, when it comes into view, unless the reader's system asks for less motion
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  var observer = new IntersectionObserver(function (entries) {
    if (!entries[0].isIntersecting) return;
    observer.disconnect();
    if (timer === null && shown === last) play();
  }, { threshold: 0.5 });
  observer.observe(figure);
});
