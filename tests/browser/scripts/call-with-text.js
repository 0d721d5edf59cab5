async ([words, guide]) => {
  history.replaceState(null, "", "/hungry?q=" + encodeURIComponent(words) + "#" + words);
  document.title = words;
  await handrail.identify(words, { [words]: words, name: words, email: words, list: [words, { a: words }] });
  await handrail.group(words, { [words]: words, name: words }, { membership: { role: words } });
  handrail.track(words, { [words]: words });
  await handrail.start(guide);
  await handrail.end(guide);
}
