/* The editor's side of the preview: hands the draft to the frame whenever it changes, to our own origin only. */
(() => {
  "use strict";
  const frame = () => document.getElementById("preview-frame");
  const state = () => document.getElementById("editor-state");
  const chosen = (name) => document.querySelector(`[data-preview="${name}"]:checked, select[data-preview="${name}"]`)?.value ?? "";
  let loaded = state()?.dataset.hosts;

  const show = (item, awake = false) => {
    if (!frame() || !state()) return;
    const { kind, body, part, hosts } = state().dataset;
    if (hosts !== loaded) return reload(hosts); // it may show images of other hosts only after it was asked for again
    const message = {
      type: "handrail:preview",
      awake,
      kind,
      body: JSON.parse(body),
      item: item === undefined ? part || null : item,
      person: JSON.parse(chosen("person") || "{}"),
      theme: JSON.parse(frame().dataset.theme).tokens,
      scheme: chosen("scheme") || "light",
    };
    frame().contentWindow?.postMessage(message, location.origin);
  };
  const reload = (hosts) => {
    loaded = hosts;
    frame().contentWindow.location.reload();
  };

  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.source === frame()?.contentWindow && event.data?.type === "handrail:preview-ready") show();
  });
  document.addEventListener("handrail:draft", () => show());
  document.addEventListener("change", (event) => {
    const what = event.target.dataset?.preview;
    if (what === "size") document.querySelector(".stage").dataset.size = event.target.value;
    else if (what || event.target.name === "pane") show();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('button[data-preview="play"]')) return;
    frame().focus();
    show(null, true);
  });
  show(); // the frame may have been ready before this page was
})();
