() => {
  const root = document.querySelector("handrail-root").shadowRoot;
  const links = [...root.querySelectorAll("a")];
  const addresses = [...links, ...root.querySelectorAll("img")].map((each) => each.href || each.src || "http://localhost");
  for (const link of links) link.click();
  return addresses;
}
