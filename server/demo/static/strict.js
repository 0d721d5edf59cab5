// Loads before the embed: counts what the page's policy blocked, and speaks to Handrail once it is there.

const blocked = [];

document.addEventListener("securitypolicyviolation", (event) => {
  blocked.push(`${event.effectiveDirective}: ${event.blockedURI || "inline"}`);
  show();
});

document.addEventListener("handrail:ready", () => {
  document.documentElement.dataset.embed = "ready";
  show();
  window.handrail?.identify?.("maya-jensen", { name: "Maya Jensen", plan: "trial", role: "admin" })?.catch?.(() => {});
});

document.addEventListener("DOMContentLoaded", show);

function show() {
  if (document.readyState === "loading") return;
  document.getElementById("embed").textContent = document.documentElement.dataset.embed ?? "waiting";
  document.getElementById("violations").textContent = blocked.length;
  document.getElementById("blocked").replaceChildren(...blocked.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}
