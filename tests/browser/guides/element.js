import { defineListElement } from 'vitrine/element';

defineListElement(vitrine, { item: (id) => products.get(id) }); // { url, image, title }
