import { createPersonalizer, VitrineError } from 'vitrine';

let vitrine;
try {
  vitrine = await createPersonalizer({ bundle: 'https://cdn.example/shop.vitrine' });
} catch (error) {
  if (!(error instanceof VitrineError)) throw error;
  console.warn(error.code, error.message); // the shop's own order stays
}

window.created = vitrine;
