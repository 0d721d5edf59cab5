/** How a survey looks on the host page: one question at a time, in the corner. */

export const strings = {
  en: {
    question: "Question {n} of {of}",
    back: "Back",
    send: "Send",
    several: "Choose as many as you like.",
    choose: "Choose an answer.",
    write: "Write an answer.",
    thanks: "Thank you!",
  },
  ar: {
    question: "السؤال {n} من {of}",
    back: "رجوع",
    send: "إرسال",
    several: "اختر ما تشاء من الإجابات.",
    choose: "اختر إجابة.",
    write: "اكتب إجابة.",
    thanks: "شكرًا لك!",
  },
};

export const css = `
.survey { inset-block-end: 16px; inset-inline-end: 16px; width: 380px; padding: var(--hr-gap); gap: 12px; }
.survey-head { display: flex; align-items: start; justify-content: space-between; gap: 8px; }
.survey-head .title { color: var(--hr-muted); font-size: var(--hr-size); font-weight: 500; }
.survey-head .close { margin: -4px; margin-inline-start: 0; flex: none; }
.survey-main { overflow-y: auto; display: grid; gap: 12px; margin: -4px; padding: 4px; }
.survey-main h3 { font: inherit; font-size: calc(var(--hr-size) + 1px); font-weight: 600; }
.survey-hint { color: var(--hr-muted); margin-top: -8px; }
.survey-scale { display: grid; grid-template-columns: repeat(11, 1fr); gap: 4px; }
.survey-scale label, .survey-choices label { cursor: pointer; border-radius: var(--round); box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--hr-ink) 55%, var(--hr-surface)); }
.survey-scale label { position: relative; display: grid; place-items: center; height: 36px; font-variant-numeric: tabular-nums; }
.survey-scale input { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; cursor: pointer; }
.survey-choices { display: grid; gap: 4px; }
.survey-choices label { display: flex; align-items: center; gap: 8px; min-height: 36px; padding: 4px 12px; }
.survey-choices input { flex: none; width: 16px; height: 16px; accent-color: var(--hr-accent); }
.survey-main label:hover { background: var(--surface-sunken); }
.survey-main label:has(:checked) { box-shadow: inset 0 0 0 2px var(--hr-accent); }
.survey-scale label:has(:checked) { background: var(--hr-accent); color: var(--hr-on-accent); }
.survey-main label:has(:focus-visible) { outline: 2px solid var(--hr-link); outline-offset: 2px; }
.survey-main label :focus-visible { outline: none; }
.survey-ends { display: flex; justify-content: space-between; gap: 16px; color: var(--hr-muted); font-size: calc(var(--hr-size) - 1px); margin-top: -4px; }
.survey-ends :last-child { text-align: end; }
.survey textarea { width: 100%; min-height: 84px; padding: 8px 12px; resize: vertical; font: inherit; color: inherit; background: var(--hr-surface); border: 1px solid color-mix(in oklab, var(--hr-ink) 55%, var(--hr-surface)); border-radius: var(--round); }
.survey-problem { font-weight: 500; }
.survey-foot { display: flex; align-items: center; gap: 8px; color: var(--hr-muted); }
@media (max-width: 480px) {
  .survey { inset-inline: 8px; inset-block-end: 8px; width: auto; }
  .survey-scale { grid-template-columns: repeat(6, 1fr); }
  .survey-scale label, .survey-choices label { min-height: 44px; }
  .survey-ends > :not(:empty)::before { content: attr(data-score) " – "; }
  .survey textarea { font-size: 16px; }
}
@media (forced-colors: active) {
  .survey-main label { border: 1px solid; }
  .survey-main label:has(:checked) { border: 3px solid Highlight; }
}
`;

const LONGEST_TEXT = 2000;
/** What remember() keeps, less some room. */
const MOST_BYTES = 4000;
const DONE = "-";

export default function survey(showing, kit) {
  const { el, t } = kit;
  const { title, questions, thanks } = showing.body;
  const saved = showing.progress.state ?? {};
  const answers = readAnswers(questions, saved.answers);
  const sent = {};
  // the last answer was given, and the page left before the thank-you was closed
  if (saved.at === DONE) return (showing.complete(), () => {});

  const heading = el("h2", { class: "title" }, el("bdi", null, title));
  const main = el("div", { class: "survey-main", onkeydown: onEnter, onchange: save });
  const position = el("span");
  const back = el("button", { class: "btn", type: "button", onclick: () => go(current - 1) }, t("back"));
  const next = el("button", { class: "btn btn-main", type: "button", onclick: forward });
  const close = el("button", { class: "close", type: "button", "aria-label": t("close"), onclick: () => leave("close") }, kit.icon());
  let current = -1;
  let isOver = false;
  let problem;

  const surface = kit.surface({
    class: "survey",
    title: heading,
    text: null,
    label: title,
    focus: showing.mayFocus,
    close: leave,
    shown() {
      showing.emit("shown");
      if (!surface.focused) kit.announce(`${title}. ${questions[current].question}. ${t("reach")}`);
    },
  });
  surface.node.append(el("div", { class: "survey-head" }, heading, close), main, el("div", { class: "survey-foot" }, position, el("div", { class: "actions" }, back, next)));
  go(Math.max(0, indexOf(showing.item), indexOf(saved.at)), true);
  surface.show();
  showing.onCommand((name, args) => {
    if (isOver) return;
    if (name === "next") forward();
    else if (name === "back") go(current - 1);
    else if (name === "goTo") go(indexOf(args?.item));
  });
  return () => surface.hide();

  function indexOf(key) {
    return questions.findIndex((question) => question.key === key);
  }

  function go(index, isFirst) {
    const question = questions[index];
    if (!question) return;
    const hadFocus = surface.focused;
    current = index;
    problem = el("p", { class: "survey-problem", role: "alert", id: "survey-problem" });
    const name = el("h3", { id: "survey-question" }, el("bdi", null, question.question));
    main.replaceChildren(name, ...DRAWN[question.type](question, answers, kit), problem);
    position.textContent = questions.length > 1 ? t("question", { n: index + 1, of: questions.length }) : "";
    back.hidden = index === 0;
    next.textContent = t(index === questions.length - 1 ? "send" : "next");
    if (hadFocus) focusAnswer();
    if (isFirst) return;
    kit.announce(position.textContent);
    save();
  }

  function focusAnswer() {
    (main.querySelector(":checked") ?? main.querySelector("input, textarea"))?.focus();
  }

  function forward() {
    if (isOver) return showing.complete();
    const { key, type, required } = questions[current];
    const answer = answers[key];
    if (answer === undefined && required) {
      problem.textContent = t(type === "text" ? "write" : "choose");
      focusAnswer();
      return;
    }
    if (answer !== undefined && sent[key] !== `${answer}`) {
      sent[key] = `${answer}`;
      showing.emit("answered", key, { value: answer });
    }
    if (current < questions.length - 1) go(current + 1);
    else thank();
  }

  function thank() {
    const hadFocus = surface.focused;
    const words = thanks || t("thanks");
    isOver = true;
    showing.remember({ at: DONE });
    main.replaceChildren(el("h3", null, el("bdi", null, words)));
    position.textContent = "";
    back.hidden = true;
    next.textContent = t("close");
    if (hadFocus) next.focus();
    kit.announce(words);
  }

  function leave(reason) {
    if (isOver) return showing.complete();
    save();
    showing.dismiss(reason);
  }

  function onEnter(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.matches("textarea")) return;
    event.preventDefault();
    forward();
  }

  /** Keeps the place and the answers, without the longest texts where there is no room for them. */
  function save() {
    const kept = { ...answers };
    const isTooLarge = () => new TextEncoder().encode(JSON.stringify({ at: questions[current].key, answers: kept })).length > MOST_BYTES;
    while (isTooLarge()) {
      const [longest] = Object.keys(kept).sort((one, other) => `${kept[other]}`.length - `${kept[one]}`.length);
      delete kept[longest];
    }
    showing.remember({ at: questions[current].key, answers: kept });
  }
}

/** The answers kept before that their questions still take. */
function readAnswers(questions, kept = {}) {
  const answers = {};
  for (const { key, type, several, choices } of questions) {
    const known = (one) => choices.some((choice) => choice.key === one);
    const answer = several ? [].concat(kept[key] ?? []).filter(known) : kept[key];
    const isAnswer = { score: Number.isInteger(answer), text: typeof answer === "string", choice: several ? answer?.length : choices && known(answer) }[type];
    if (isAnswer) answers[key] = answer;
  }
  return answers;
}

/** How each type of question is answered. */
const DRAWN = {
  score({ key, low, high, required }, answers, { el }) {
    const ends = { 0: low, 10: high };
    const scores = Array.from({ length: 11 }, (_, score) => {
      const label = ends[score] && `${score}, ${ends[score]}`;
      const chosen = () => (answers[key] = score);
      return el("label", null, el("input", { type: "radio", name: "survey-answer", checked: answers[key] === score, "aria-label": label, onchange: chosen }), `${score}`);
    });
    return [
      group("radiogroup", required, el, "survey-scale", scores),
      (low || high) && el("div", { class: "survey-ends", "aria-hidden": "true" }, el("bdi", { "data-score": "0" }, low), el("bdi", { "data-score": "10" }, high)),
    ].filter(Boolean);
  },

  choice({ key, several, choices, required }, answers, { el, t }) {
    const isChosen = (one) => [].concat(answers[key] ?? []).includes(one);
    function choose(one, isOn) {
      const chosen = choices.map((choice) => choice.key).filter((each) => (each === one ? isOn : isChosen(each)));
      if (chosen.length) answers[key] = several ? chosen : one;
      else delete answers[key];
    }
    const rows = choices.map(({ key: one, label }) => {
      const input = { type: several ? "checkbox" : "radio", name: "survey-answer", checked: isChosen(one), onchange: (event) => choose(one, event.target.checked) };
      return el("label", null, el("input", input), el("bdi", null, label));
    });
    const hint = several && el("p", { class: "survey-hint", id: "survey-hint" }, t("several"));
    return [hint, group(several ? "group" : "radiogroup", required, el, "survey-choices", rows)].filter(Boolean);
  },

  text({ key, required }, answers, { el }) {
    function write({ target }) {
      const words = target.value.trim();
      if (words) answers[key] = words;
      else delete answers[key];
    }
    const described = "survey-problem";
    const field = el("textarea", { rows: "3", dir: "auto", maxlength: LONGEST_TEXT, "aria-labelledby": "survey-question", "aria-describedby": described, "aria-required": required && "true", oninput: write });
    field.value = answers[key] ?? "";
    return [field];
  },
};

function group(role, required, el, name, children) {
  const described = "survey-hint survey-problem";
  return el("div", { class: name, role, "aria-labelledby": "survey-question", "aria-describedby": described, "aria-required": role === "radiogroup" && required && "true" }, ...children);
}
