/* The list of guides: New opens its dialog in place of the page it links to. */
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.("a[data-opens]")) event.preventDefault();
  },
  true,
);
