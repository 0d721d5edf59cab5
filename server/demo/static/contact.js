// One contact at /contacts/<id>.

import { $, copy, dayText, face, fromToday, me, money, options, save, state, tell, titled, toast } from "./acme.js";

const id = location.pathname.split("/")[2];
const contact = state.contacts.find((row) => row.id === id);

function draw() {
  const { name, title, company, status } = contact;
  document.title = `${name} · Acme`;
  $("name").textContent = $("crumb").textContent = name;
  $("under").textContent = title ? `${title}, ${company}` : company;
  $("status").textContent = titled(status);
  $("status").dataset.status = status;
  face($("face"), name);
  list("deals", state.deals.filter((deal) => deal.company === company).map(dealItem));
  list("calls", contact.calls.map((call) => copy("call-item", { text: "Call logged", by: `${call.by}, ${dayText(call.at)}` })));
}

function list(place, items) {
  $(place).replaceChildren(...items);
  $(`${place}-empty`).hidden = Boolean(items.length);
}

function dealItem(deal) {
  const item = copy("deal-item", { company: deal.company, about: `${titled(deal.stage)}, ${dayText(deal.closes)}`, amount: money(deal.amount) });
  item.querySelector("a").href = `/deals/${deal.id}`;
  return item;
}

function open() {
  $("contact").hidden = false;
  const fields = $("edit").elements;
  options(fields.owner, state.team.map((member) => member.name));
  for (const name of ["name", "title", "email", "phone", "status", "owner"]) fields[name].value = contact[name];
  draw();
}

$("edit").addEventListener("submit", (event) => {
  event.preventDefault();
  Object.assign(contact, Object.fromEntries(new FormData(event.target)));
  save();
  draw();
  toast(`${contact.name} saved`);
});

$("log-call").addEventListener("click", () => {
  contact.last = fromToday(0);
  contact.calls.unshift({ by: me()?.name ?? "You", at: contact.last });
  save();
  draw();
  tell("track", "call_logged");
  toast(`Call with ${contact.name} logged`);
});

if (contact) open();
else {
  $("missing").hidden = false;
  $("crumb").textContent = "No such contact";
}
