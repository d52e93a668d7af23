dataLayer.push({ ecommerce: null });
dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: 'mug-red' }] } });

gtag('event', 'add_to_cart', { currency: 'EUR', value: 12, items: [{ item_id: 'jug' }] });
