let { restores } = vitrine;
vitrine.subscribe(() => {
  if (restores === vitrine.restores) return;
  restores = vitrine.restores;
  render(vitrine.slot('home'));
});
