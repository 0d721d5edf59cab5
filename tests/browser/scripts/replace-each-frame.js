(frames) =>
  new Promise((go) => {
    let left = frames;
    reads = 0;
    const again = () => {
      const old = document.querySelector("#spot");
      old.replaceWith(old.cloneNode(true));
      left-- ? requestAnimationFrame(again) : go(reads);
    };
    requestAnimationFrame(again);
  })
