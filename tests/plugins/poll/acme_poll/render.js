export const css = `
.poll { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; max-width: 320px; padding: 16px; border-radius: 8px;
  background: var(--hr-surface, #fff); color: var(--hr-text, #1c1917); box-shadow: 0 4px 24px rgb(0 0 0 / .2); font: 14px/1.5 system-ui, sans-serif; }
.poll h2 { margin: 0 24px 12px 0; font-size: 15px; }
.poll button { font: inherit; min-height: 32px; padding: 4px 12px; margin-inline-end: 8px; cursor: pointer; }
`;

export default function poll({ body, root, emit, complete, dismiss }, { el, announce }) {
  const heading = el("h2", { id: "question" }, body.question);
  const card = el("section", { class: "poll", role: "dialog", "aria-labelledby": "question" }, heading);
  const vote = (choice) => {
    emit("voted", choice.key);
    announce(body.thanks);
    complete();
  };
  for (const choice of body.choices) {
    const button = el("button", { type: "button" }, choice.label);
    button.addEventListener("click", () => vote(choice));
    card.append(button);
  }
  const later = el("button", { type: "button" }, "Not now");
  later.addEventListener("click", () => dismiss("closed"));
  card.append(later);
  root.append(card);
  return () => card.remove();
}
