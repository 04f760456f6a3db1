// Improves what is there: shows passwords, copies snippets. Every page works without it.
"use strict";
document.documentElement.setAttribute("data-script", "");

function showPassword(button) {
  const field = document.getElementById(button.dataset.show);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  button.setAttribute("aria-pressed", String(show));
}

function copy(button) {
  const source = document.getElementById(button.dataset.copyFrom);
  const done = () => {
    const status = document.getElementById(button.dataset.status);
    status.textContent = button.dataset.done;
    button.querySelector("span").textContent = button.dataset.done;
  };
  // Without a clipboard (plain http away from localhost) the text is at least selected.
  const select = () => getSelection().selectAllChildren(source);
  if (navigator.clipboard) navigator.clipboard.writeText(source.textContent).then(done, select);
  else select();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.show) showPassword(button);
  if (button?.dataset.copyFrom) copy(button);
});

// A password that is sent while it is shown would be remembered by the browser as plain text.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-show][aria-pressed=true]")) {
    showPassword(button);
  }
});
