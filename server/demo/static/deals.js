// The board at /deals and one deal at /deals/<id>: two client-side routes of one page.

import { $, copy, daysUntil, dayText, face, fromToday, me, modalForm, money, options, routes, save, shortMoney, slug, state, sum, tell, toast } from "./acme.js";

const OWNERS = state.team.map((member) => member.name);
let shown = null;

function show(path, moved) {
  const id = path.split("/")[2];
  shown = state.deals.find((deal) => deal.id === id) ?? null;
  $("board").hidden = Boolean(id);
  $("deal").hidden = !shown;
  $("deal-missing").hidden = !id || Boolean(shown);
  if (shown) drawDeal(shown);
  if (!id) drawBoard();
  document.title = `${id ? (shown?.company ?? "No such deal") : "Deals"} · Acme`;
  if (moved) document.querySelector("main > section:not([hidden]) h1").focus({ preventScroll: true });
}

// ---- The board

function drawBoard() {
  const owner = $("owner").value;
  const deals = state.deals.filter((deal) => !owner || deal.owner === owner);
  const open = deals.filter((deal) => deal.stage !== "won");
  $("board-about").textContent = `Sales pipeline, ${open.length} open`;
  for (const column of document.querySelectorAll(".column")) {
    const mine = deals.filter((deal) => deal.stage === column.dataset.stage);
    column.querySelector(".count").textContent = mine.length;
    column.querySelector(".total").textContent = shortMoney(sum(mine));
    column.querySelector(".cards").replaceChildren(...mine.map(card));
  }
  document.querySelector(".deal")?.setAttribute("data-handrail-target", "first-deal");
  drawDue(open);
}

function card(deal) {
  const link = copy("deal-card", { company: deal.company, next: deal.next, amount: money(deal.amount), closes: dayText(deal.closes), owner: deal.owner });
  link.href = `/deals/${deal.id}`;
  face(link.querySelector(".avatar"), deal.owner);
  return link;
}

function drawDue(open) {
  const due = open.filter((deal) => daysUntil(deal.closes) <= 7 && !deal.done).sort((a, b) => a.closes.localeCompare(b.closes));
  $("due").replaceChildren(...due.map(dueRow));
  $("due").closest("table").hidden = !due.length;
  $("due-empty").hidden = Boolean(due.length);
}

function dueRow(deal) {
  const row = copy("due-row", { company: deal.company, owner: deal.owner, next: deal.next, closes: dayText(deal.closes) });
  const link = row.querySelector("a");
  link.href = `/deals/${deal.id}`;
  link.id = `due-${deal.id}`;
  const button = row.querySelector("button");
  button.setAttribute("aria-describedby", link.id);
  button.addEventListener("click", () => {
    deal.done = true;
    save();
    drawBoard();
    toast(`Done: ${deal.next}`);
  });
  return row;
}

// ---- One deal

function drawDeal(deal) {
  $("deal-title").textContent = $("deal-crumb").textContent = deal.company;
  $("deal-amount").textContent = money(deal.amount);
  $("deal-won").hidden = deal.stage === "won";
  $("fact-owner").textContent = deal.owner;
  $("fact-closes").textContent = dayText(deal.closes);
  $("fact-next").textContent = deal.next || "Nothing planned";
  for (const button of $("stages").children) button.setAttribute("aria-pressed", button.dataset.stage === deal.stage);
  $("notes").replaceChildren(...deal.notes.map((note) => copy("note-item", { text: note.text, by: `${note.by}, ${dayText(note.at)}` })));
  const people = state.contacts.filter((contact) => contact.company === deal.company);
  $("people").replaceChildren(...people.map(person));
  $("people-empty").hidden = Boolean(people.length);
}

function person(contact) {
  const item = copy("person-item", { name: contact.name, title: contact.title });
  item.querySelector("a").href = `/contacts/${contact.id}`;
  face(item.querySelector(".avatar"), contact.name);
  return item;
}

function move(stage) {
  if (!shown || shown.stage === stage) return;
  shown.stage = stage;
  if (stage === "won") shown.closes = fromToday(0);
  save();
  drawDeal(shown);
  tell("track", stage === "won" ? "deal_won" : "deal_moved", { stage, amount: shown.amount });
  toast(stage === "won" ? `${shown.company} is won` : `${shown.company} moved`);
}

$("stages").addEventListener("click", (event) => event.target.dataset.stage && move(event.target.dataset.stage));
$("deal-won").addEventListener("click", () => {
  move("won");
  $("deal-title").focus();
});

$("note-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("note").value.trim();
  if (!text) return;
  shown.notes.unshift({ by: me()?.name ?? "You", at: fromToday(0), text });
  save();
  event.target.reset();
  drawDeal(shown);
});

// ---- A new deal

modalForm($("deal-dialog"), $("new-deal"), (answers) => {
  const { company, stage, owner, closes } = answers;
  const deal = { id: slug(company, state.deals), company, stage, owner, closes, amount: Number(answers.amount), next: answers.next || "Book a first demo", notes: [] };
  state.deals.unshift(deal);
  save();
  drawBoard();
  tell("track", "deal_created", { amount: deal.amount, stage });
  toast(`${company} added`);
});

options($("owner"), OWNERS);
options($("deal-form").elements.owner, OWNERS);
$("new-deal").addEventListener("click", () => OWNERS.includes(me()?.name) && ($("deal-form").elements.owner.value = me().name));
$("deal-form").elements.closes.min = fromToday(0);
for (const company of new Set(state.contacts.map((contact) => contact.company))) $("companies").append(new Option(company));
$("owner").addEventListener("change", drawBoard);
routes(show);
