const purposes = [1, 5, 6]; // storage; a profile for content; its use

__tcfapi('addEventListener', 2, ({ eventStatus, gdprApplies, purpose }, success) => {
  if (!success || eventStatus === 'cmpuishown') return; // no answer yet
  answer(!gdprApplies || purposes.every((number) => purpose.consents[number]));
});
