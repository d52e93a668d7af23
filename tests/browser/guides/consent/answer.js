window.vitrine = window.vitrine || [];

window.answer = (allowed) => {
  vitrine.push(({ consent }) => (allowed ? consent.grant() : consent.deny()));
};
