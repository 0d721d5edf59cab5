(node) => {
  const lum = (colour) => {
    const drawn = document.createElement("canvas").getContext("2d");
    drawn.fillStyle = colour;
    drawn.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...drawn.getImageData(0, 0, 1, 1).data].map((v) =>
      (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [lum(a), lum(b)].sort((l, m) => m - l);
    return (x + 0.05) / (y + 0.05);
  };
  const css = (each) => getComputedStyle(each);
  const ground = css(node).backgroundColor;
  const main = node.querySelector(".btn-main");
  main.focus();
  const of = (name) => ratio(css(node.querySelector(name)).color, ground);
  return {
    title: of(".title"),
    text: of(".text"),
    button: ratio(css(main).color, css(main).backgroundColor),
    shape: ratio(css(main).backgroundColor, ground),
    ring: ratio(css(main).outlineColor, ground),
  };
}
