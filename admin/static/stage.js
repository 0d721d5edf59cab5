/* The editor's side of the preview: hands the draft to the frame whenever it changes, to our own origin only. */
(() => {
  "use strict";
  const frame = document.getElementById("stage");
  if (!frame) return;
  const chosen = (name) => document.querySelector(`[data-stage="${name}"]:checked, select[data-stage="${name}"]`)?.value ?? "";
  let loaded = document.getElementById("now").dataset.hosts;
  const reload = (hosts) => {
    loaded = hosts;
    frame.contentWindow.location.reload();
  };
  const show = (item, awake = false) => {
    const { kind, body, part, hosts } = document.getElementById("now").dataset;
    if (hosts !== loaded) return reload(hosts); // it may show images of other hosts only after it was asked for again
    const message = {
      type: "handrail:preview",
      awake,
      kind,
      body: JSON.parse(body),
      item: item === undefined ? part || null : item,
      person: JSON.parse(chosen("person") || "{}"),
      theme: JSON.parse(frame.dataset.theme).tokens,
      scheme: chosen("scheme") || "light",
    };
    frame.contentWindow?.postMessage(message, location.origin);
  };
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.source === frame.contentWindow && event.data?.type === "handrail:preview-ready") show();
  });
  document.addEventListener("handrail:draft", () => show());
  document.addEventListener("change", (event) => {
    const what = event.target.dataset?.stage;
    if (what === "size") document.querySelector(".stage").dataset.size = event.target.value;
    else if (what) show();
  });
  document.querySelector('button[data-stage="play"]')?.addEventListener("click", () => {
    frame.focus();
    show(null, true);
  });
})();
