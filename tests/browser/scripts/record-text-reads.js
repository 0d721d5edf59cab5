() => {
  const real = setTimeout;
  window.took = [];
  window.looked = [];
  const text = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
  Object.defineProperty(Node.prototype, "textContent", {
    ...text,
    get() {
      if (this === document.body) looked.push(Date.now());
      return text.get.call(this);
    },
  });
  const timed = (then, more) => {
    const began = performance.now();
    then(...more);
    took.push(performance.now() - began);
  };
  window.setTimeout = (then, ms, ...more) => real(() => timed(then, more), ms);
}
