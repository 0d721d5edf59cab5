// A renderer that draws nothing: it hands its showing and its kit to the test.
export const strings = { en: { hello: "Hello {name}", bye: "Bye" }, ar: { hello: "مرحبا {name}" } };

export default function bare(showing, kit) {
  Object.assign(window, { showing, kit });
  return () => (window.ended = true);
}
