() => {
  const all = document.createDocumentFragment();
  for (let i = 0; i < 5000; i++) {
    const row = document.createElement("div");
    row.innerHTML = `<p><span>Row ${i}</span><button class="btn">Do ${i % 40}</button></p>`;
    all.append(row);
  }
  document.body.append(all);
}
