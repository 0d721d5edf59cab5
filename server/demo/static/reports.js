// The figures at /reports, counted from the deals; the forecast is for accounts on Pro.

import { $, copy, daysUntil, fromToday, dayText, me, money, onAccount, options, shortMoney, state, sum, tell, titled } from "./acme.js";

const LIKELY = { qualified: 0.2, proposal: 0.5, negotiation: 0.8, won: 1 };
const WEEKS = 8;

const likely = (deals) => deals.reduce((total, deal) => total + deal.amount * LIKELY[deal.stage], 0);
const chosen = () => state.deals.filter((deal) => !$("owner").value || deal.owner === $("owner").value);
const open = (deals) => deals.filter((deal) => deal.stage !== "won");

function draw() {
  const deals = chosen();
  $("sum-open").textContent = money(sum(open(deals)));
  $("sum-likely").textContent = money(likely(open(deals)));
  $("sum-won").textContent = money(sum(deals.filter((deal) => deal.stage === "won")));
  $("sum-average").textContent = money(deals.length && sum(deals) / deals.length);
  bars($("stages"), Object.keys(LIKELY).map((stage) => [titled(stage), sum(deals.filter((deal) => deal.stage === stage))]));
  const owners = [...new Set(deals.map((deal) => deal.owner))].map((owner) => [owner, sum(deals.filter((deal) => deal.owner === owner))]);
  bars($("owners"), owners.sort((a, b) => b[1] - a[1]).slice(0, 8));
  forecast(open(deals));
}

function bars(list, rows) {
  const most = Math.max(1, ...rows.map(([, amount]) => amount));
  list.replaceChildren(
    ...rows.map(([label, amount]) => {
      const item = copy("bar", { label, value: shortMoney(amount) });
      item.querySelector("i").style.setProperty("inline-size", `${(amount / most) * 100}%`);
      return item;
    }),
  );
}

function forecast(deals) {
  const pro = me()?.plan === "pro";
  $("weeks").hidden = !pro;
  $("locked").hidden = pro;
  $("export").disabled = me()?.plan === "trial" || !me();
  $("export").title = $("export").disabled ? "Part of Team and Pro" : "";
  const weeks = Array.from({ length: WEEKS }, (_, week) => likely(deals.filter((deal) => Math.floor(daysUntil(deal.closes) / 7) === week)));
  const most = Math.max(1, ...weeks);
  $("weeks").replaceChildren(
    ...weeks.map((amount, week) => {
      const item = copy("week", { value: shortMoney(amount), label: week ? dayText(fromToday(week * 7)) : "This week" });
      item.querySelector("i").style.setProperty("block-size", `${(amount / most) * 100}%`);
      return item;
    }),
  );
}

$("export").addEventListener("click", () => {
  const quoted = (value) => `"${String(value).replaceAll('"', '""')}"`;
  const rows = chosen().map((deal) => [deal.company, deal.owner, deal.stage, deal.amount, deal.closes].map(quoted).join(","));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([["company,owner,stage,amount,closes", ...rows].join("\n")], { type: "text/csv" }));
  link.download = "acme-deals.csv";
  link.click();
  URL.revokeObjectURL(link.href);
  tell("track", "report_exported", { rows: rows.length });
});

options($("owner"), state.team.map((member) => member.name));
$("owner").addEventListener("change", draw);
onAccount(draw);
draw();
