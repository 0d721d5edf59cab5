/* When the session has ended: sign in over the page, then send the same request again, so that nothing typed is lost. */
(() => {
  "use strict";
  const box = () => document.getElementById("again");
  let asking = null;

  const fill = (text) => box().replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);

  const show = async () => {
    const answer = await fetch(box().dataset.from, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    fill(await answer.text());
    box().querySelector("input[type='email']").value = box().dataset.email;
    if (!box().open) box().showModal();
    box().querySelector("input[type='password']")?.focus();
  };

  const send = async (form) => {
    const answer = await fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { "HX-Request": "true" },
      body: new URLSearchParams(new FormData(form)),
    });
    const token = answer.headers.get("X-CSRF-Token");
    if (answer.ok && token) return token;
    fill(await answer.text());
    box().querySelector("input[type='password']")?.focus();
    return null;
  };

  const renew = (token) => {
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRF-Token": token }));
    document.body.dataset.csrf = token;
    for (const field of document.querySelectorAll("input[name='_csrf']")) field.value = token;
  };

  const again = () =>
    new Promise((resolve) => {
      const dialog = box();
      const submitted = async (event) => {
        event.preventDefault();
        const token = await send(event.target);
        if (!token) return;
        renew(token);
        dialog.removeEventListener("submit", submitted);
        dialog.close();
        resolve(token);
      };
      dialog.addEventListener("submit", submitted);
      dialog.addEventListener("close", () => resolve(null), { once: true });
      show();
    }).finally(() => (asking = null));

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const plain = ctx.fetch;
    ctx.fetch = async (action, request) => {
      const first = await plain(action, request);
      if (first.status !== 401 || first.headers.get("X-Handrail") !== "sign-in") return first;
      clearTimeout(ctx.requestTimeout);
      asking ??= again();
      const token = await asking;
      if (!token) return first;
      request.headers["X-CSRF-Token"] = token;
      return plain(action, request);
    };
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.detail.ctx.response?.status === 401) event.preventDefault();
  });
})();
