export const css = `
.poll { inline-size: 320px; max-inline-size: 100%; padding: 16px; }
.poll h2 { margin-block-end: 12px; font-size: 15px; }
.poll button { min-height: 32px; padding: 4px 12px; margin-inline-end: 8px; border: 1px solid var(--hr-muted); border-radius: 6px; }
`;

export const strings = {
  en: { later: "Not now" },
  ar: { later: "ليس الآن" },
};

export default function poll({ body, items, emit, complete, dismiss }, { el, t, announce, mount }) {
  const vote = (choice) => {
    emit("voted", choice.key);
    announce(body.thanks);
    complete();
  };
  const offered = body.choices.filter((choice) => items.some(({ key }) => key === choice.key));
  const card = mount("corner");
  card.append(
    el(
      "section",
      { class: "poll", role: "dialog", "aria-labelledby": "question" },
      el("h2", { id: "question" }, body.question),
      ...offered.map((choice) => el("button", { type: "button", onclick: () => vote(choice) }, choice.label)),
      el("button", { type: "button", onclick: () => dismiss("button") }, t("later")),
    ),
  );
  return () => card.remove();
}
