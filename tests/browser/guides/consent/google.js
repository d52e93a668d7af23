window.dataLayer = window.dataLayer || [];

function read(entry) {
  const [command, action, state] = Array.from(entry);
  if (command !== 'consent' || action !== 'update' || !state?.personalization_storage) return;
  answer(state.personalization_storage === 'granted');
}

const { push } = dataLayer;
dataLayer.push = (...entries) => {
  const result = push.apply(dataLayer, entries);
  entries.forEach(read);
  return result;
};
dataLayer.forEach(read);
