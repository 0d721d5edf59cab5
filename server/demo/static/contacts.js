// The table at /contacts: filter, log a call, add one contact or many.

import { $, copy, dayText, face, fromToday, me, modalForm, save, slug, state, tell, titled, toast } from "./acme.js";

function draw() {
  const { text, status } = Object.fromEntries(new FormData($("filters")));
  const words = text.toLowerCase().split(/\s+/);
  const fits = (contact) => words.every((word) => `${contact.name} ${contact.company} ${contact.email}`.toLowerCase().includes(word));
  const found = state.contacts.filter((contact) => (!status || contact.status === status) && fits(contact));
  $("rows").replaceChildren(...found.map(row));
  $("shown").textContent = found.length === state.contacts.length ? `${found.length} people` : `${found.length} of ${state.contacts.length} people`;
  $("table").hidden = !found.length;
  $("none").hidden = Boolean(found.length);
}

function row(contact) {
  const { id, name, company, email, owner } = contact;
  const line = copy("contact-row", { name, company, email, owner, under: contact.title, status: titled(contact.status), last: dayText(contact.last) });
  face(line.querySelector(".avatar"), name);
  line.querySelector(".badge").dataset.status = contact.status;
  const link = line.querySelector("a");
  link.href = `/contacts/${id}`;
  link.id = `row-${id}`;
  const button = line.querySelector("button");
  button.setAttribute("aria-describedby", link.id);
  button.addEventListener("click", () => {
    contact.last = fromToday(0);
    contact.calls.unshift({ by: me()?.name ?? "You", at: contact.last });
    save();
    line.querySelector('[data-fill="last"]').textContent = "Today";
    tell("track", "call_logged");
    toast(`Call with ${name} logged`);
  });
  return line;
}

function add({ name, email, company, title = "" }) {
  const owner = me()?.name ?? state.team[0].name;
  state.contacts.unshift({ id: slug(name, state.contacts), name, email, company, title, owner, phone: "", status: "lead", last: fromToday(0), calls: [] });
}

modalForm($("contact-dialog"), $("new-contact"), (answers) => {
  add(answers);
  save();
  draw();
  toast(`${answers.name} added`);
});

modalForm($("import-dialog"), $("import"), ({ rows }) => {
  const lines = rows.split("\n").map((line) => line.split(/[,;\t]/).map((part) => part.trim())).filter(([name]) => name);
  for (const [name, email = "", company = ""] of lines) add({ name, email, company });
  save();
  draw();
  tell("track", "contacts_imported", { count: lines.length });
  toast(lines.length === 1 ? "1 contact imported" : `${lines.length} contacts imported`);
});

$("filters").addEventListener("input", draw);
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("clear").addEventListener("click", () => {
  $("filters").reset();
  draw();
  $("filter").focus();
});
draw();
