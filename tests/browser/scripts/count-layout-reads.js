window.reads = 0;
const ours = () => /\/embed\//.test(new Error().stack) && reads++;
for (const [of, names] of [
  [Document.prototype, ["querySelector", "querySelectorAll", "elementFromPoint"]],
  [Element.prototype, ["querySelectorAll", "getBoundingClientRect", "getClientRects", "checkVisibility"]],
])
  for (const name of names) {
    const native = of[name];
    of[name] = function (...args) {
      ours();
      return native.apply(this, args);
    };
  }
const style = window.getComputedStyle;
window.getComputedStyle = (...args) => {
  ours();
  return style(...args);
};
