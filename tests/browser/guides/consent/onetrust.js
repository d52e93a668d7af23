window.addEventListener('OneTrustGroupsUpdated', ({ detail }) => {
  if (OneTrust.IsAlertBoxClosed()) answer(detail.includes('C0003')); // functional
});
