// The settings: three tabs, each a client-side route of one page.

import { $, choosePlan, copy, face, me, modalForm, onAccount, routes, save, showScheme, state, tell, titled, toast } from "./acme.js";

const general = $("general");

function show(path, moved) {
  for (const pane of document.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== path;
  for (const tab of $("tabs").children) {
    const current = tab.getAttribute("href") === path;
    tab.toggleAttribute("aria-current", current);
    if (current) tab.setAttribute("aria-current", "page");
    if (current) document.title = `${tab.textContent} · Settings · Acme`;
  }
  if (moved) $("settings-title").focus({ preventScroll: true });
}

// ---- General

function fill() {
  for (const [name, value] of Object.entries(state.settings)) {
    const field = general.elements[name];
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
}

general.addEventListener("input", () => ($("unsaved").textContent = "Not saved yet"));
general.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const [name, value] of Object.entries(state.settings)) {
    const field = general.elements[name];
    state.settings[name] = typeof value === "boolean" ? field.checked : field.value;
  }
  save();
  showScheme();
  $("unsaved").textContent = "";
  tell("track", "settings_saved");
  toast("Settings saved");
});

// ---- Team

function drawTeam() {
  $("team").replaceChildren(...state.team.map(memberRow));
}

function memberRow(member) {
  const row = copy("member-row", { name: member.name, email: member.email });
  face(row.querySelector(".avatar"), member.name);
  const name = row.querySelector('[data-fill="name"]');
  name.id = `member-${state.team.indexOf(member)}`;
  const [role, remove] = [row.querySelector("select"), row.querySelector("button")];
  role.value = member.role;
  for (const control of [role, remove]) control.setAttribute("aria-describedby", name.id);
  role.addEventListener("change", () => {
    member.role = role.value;
    save();
    toast(`${member.name} is now ${role.value.toLowerCase()}`);
  });
  remove.addEventListener("click", () => {
    state.team = state.team.filter((other) => other !== member);
    save();
    drawTeam();
    $("team-title").focus();
    toast(`${member.name} removed`);
  });
  return row;
}

modalForm($("invite-dialog"), $("invite"), ({ email, role }) => {
  const name = email.split("@")[0].split(/[._-]+/).filter(Boolean).map(titled).join(" ") || email;
  state.team.push({ name, email, role });
  save();
  drawTeam();
  tell("track", "member_invited", { role });
  toast(`Invitation sent to ${email}`);
});

// ---- Billing

function drawPlans() {
  for (const card of document.querySelectorAll("[data-plan]")) {
    const current = me()?.plan === card.dataset.plan;
    const button = card.querySelector("button");
    card.classList.toggle("chosen", current);
    button.disabled = current || !me();
    button.classList.toggle("btn-main", !button.disabled && card.dataset.plan === "pro");
    button.textContent = current ? "Your plan" : `Choose ${titled(card.dataset.plan)}`;
  }
}

$("plans").addEventListener("click", (event) => {
  const plan = event.target.closest("button") && event.target.closest("[data-plan]").dataset.plan;
  if (!plan) return;
  choosePlan(plan);
  tell("track", "plan_chosen", { plan });
  toast(`You are now on ${titled(plan)}`);
});

fill();
drawTeam();
onAccount(drawPlans);
drawPlans();
routes(show);
