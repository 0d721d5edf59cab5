// The frame of every page: the records, the account menu, and the few calls into Handrail.

const KEY = "acme-records-1";
const DAY = 86_400_000;
const SIGNS = { EUR: "€", USD: "$", GBP: "£" };

export const $ = (id) => document.getElementById(id);
export const state = kept() ?? (await fresh());

export function save() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Without storage the records live as long as the page.
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

// Days in the file count from today, so that the demo never looks old.
async function fresh() {
  const records = await (await fetch("/crm.json")).json();
  for (const deal of records.deals) {
    deal.closes = fromToday(deal.closes);
    for (const note of deal.notes) note.at = fromToday(note.days);
  }
  for (const contact of records.contacts) contact.last = fromToday(contact.last);
  for (const account of records.accounts) account.since = fromToday(account.since);
  return records;
}

export function fromToday(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return iso(day);
}

function iso(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export const daysUntil = (day) => Math.round((Date.parse(day) - Date.parse(fromToday(0))) / DAY);

export function dayText(day) {
  const days = daysUntil(day);
  const near = { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days];
  const soon = days > 1 && days < 7;
  return near ?? new Date(`${day}T12:00`).toLocaleDateString("en-GB", soon ? { weekday: "long" } : { day: "numeric", month: "short" });
}

export const money = (amount) => `${SIGNS[state.settings.currency]}\u00a0${Math.round(amount).toLocaleString("en")}`;
export const shortMoney = (amount) => `${SIGNS[state.settings.currency]}\u00a0${Math.round(amount / 1000)}k`;
export const sum = (deals) => deals.reduce((total, deal) => total + deal.amount, 0);
export const titled = (word) => word.charAt(0).toUpperCase() + word.slice(1);

export function slug(text, taken) {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "new";
  let name = plain;
  for (let n = 2; taken.some((row) => row.id === name); n++) name = `${plain}-${n}`;
  return name;
}

// A copy of a <template>, its [data-fill] spots filled with text.
export function copy(id, texts = {}) {
  const node = $(id).content.firstElementChild.cloneNode(true);
  for (const spot of [node, ...node.querySelectorAll("[data-fill]")]) {
    if (spot.dataset.fill in texts) spot.textContent = texts[spot.dataset.fill];
  }
  return node;
}

export function face(spot, name) {
  const words = name.split(" ");
  spot.textContent = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 1);
  spot.dataset.hue = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0) % 6;
}

export function options(select, names) {
  for (const name of names) select.add(new Option(name));
}

let quiet;
export function toast(text) {
  clearTimeout(quiet);
  $("toast").textContent = text;
  $("toast").classList.add("on");
  quiet = setTimeout(() => $("toast").classList.remove("on"), 3500);
}

// A modal form: opened by a button, closed by [data-close], read as an object on submit.
export function modalForm(dialog, opener, submitted) {
  const form = dialog.querySelector("form");
  opener.addEventListener("click", () => {
    form.reset();
    dialog.showModal();
  });
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submitted(Object.fromEntries(new FormData(form)));
    dialog.close();
  });
}

// Client-side routes: links marked [data-route] change the page without loading it.
export function routes(show) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-route]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  addEventListener("popstate", () => show(path(), false));
  const go = (address) => {
    history.pushState(null, "", address);
    show(path(), true);
    scrollTo(0, 0);
  };
  show(path(), false);
  return go;
}

const path = () => location.pathname.replace(/(.)\/$/, "$1");

// ---- Handrail: every call is optional, Acme works the same when nobody answers.

export function tell(call, ...words) {
  try {
    window.handrail?.[call]?.(...words)?.catch?.(() => {});
  } catch {
    // Acme goes on without it.
  }
}

export const me = () => state.accounts.find((account) => account.id === state.account);

function identify() {
  const account = me();
  if (!account) return;
  const { id, name, email, plan, role, since, company } = account;
  tell("identify", id, { ...(name && { name, email }), plan, role, signed_up_at: since, deals: state.deals.length });
  if (company) tell("group", company.id, { name: company.name, industry: company.industry, seats: company.seats, plan });
}

export function choosePlan(plan) {
  if (me()) me().plan = plan;
  save();
  showAccount();
  tell("updateUser", { plan });
}

// ---- The account menu

export function onAccount(redraw) {
  document.addEventListener("acme:account", redraw);
}

function showAccount() {
  const account = me();
  const name = account ? account.name || "Somebody new" : "Signed out";
  face($("me").querySelector(".avatar"), name);
  $("me-name").textContent = name;
  $("me-about").textContent = account ? `${account.plan}, ${account.role}` : "nobody";
  $("account-list").replaceChildren(...state.accounts.map(accountRow), somebodyRow());
  document.dispatchEvent(new Event("acme:account"));
}

function accountRow(account) {
  const name = account.name || "Somebody new";
  const row = copy("account-row", { name, about: `${account.plan}, ${account.role}${account.company ? ` · ${account.company.name}` : ""}` });
  face(row.querySelector(".avatar"), name);
  if (account.id === state.account) row.setAttribute("aria-current", "true");
  row.addEventListener("click", () => become(account.id));
  return row;
}

function somebodyRow() {
  const name = me() && !me().name ? "Somebody else" : "Somebody new";
  const row = copy("account-row", { name, about: "trial, member, signed up just now" });
  row.querySelector(".avatar").textContent = "+";
  row.addEventListener("click", () => {
    const id = `somebody-${Math.random().toString(36).slice(2, 8)}`;
    state.accounts = state.accounts.filter((account) => account.name);
    state.accounts.push({ id, plan: "trial", role: "member", since: new Date().toISOString() });
    become(id);
  });
  return row;
}

function become(id) {
  state.account = id;
  save();
  $("accounts").hidePopover();
  showAccount();
  identify();
}

$("sign-out").addEventListener("click", () => {
  become(null);
  tell("reset");
  toast("Signed out. Choose who you are to come back.");
});

$("start-over").addEventListener("click", () => {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
  location.reload();
});

export function showScheme() {
  const { scheme } = state.settings;
  document.documentElement.dataset.scheme = scheme;
  if (scheme !== "auto") tell("setColorScheme", scheme);
}

save();
showScheme();
showAccount();
identify();
