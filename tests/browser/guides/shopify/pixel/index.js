import { register } from '@shopify/web-pixels-extension';

const handle = (product) => product?.url?.split('?')[0].split('/').pop();

register(({ analytics, settings }) => {
  function collect(name, event, products) {
    analytics.subscribe(name, ({ clientId, timestamp, data }) => {
      const lines = products(data)
        .map(handle)
        .filter(Boolean)
        .map((item_id) => JSON.stringify({ user_id: clientId, timestamp, event, item_id }));
      if (lines.length === 0) return;
      fetch(settings.endpoint, { method: 'POST', keepalive: true, body: `${lines.join('\n')}\n` });
    });
  }
  collect('product_viewed', 'view', ({ productVariant }) => [productVariant.product]);
  collect('product_added_to_cart', 'cart', ({ cartLine }) => [cartLine?.merchandise.product]);
  collect('checkout_completed', 'purchase', ({ checkout }) =>
    checkout.lineItems.map(({ variant }) => variant?.product),
  );
});
