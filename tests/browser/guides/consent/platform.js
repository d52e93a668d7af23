platform.onChange(({ analytics }) => {
  if (analytics) vitrine.consent.grant();
  else vitrine.consent.deny();
});
