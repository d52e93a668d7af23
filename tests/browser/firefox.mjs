// The machine's Firefox, driven over WebDriver BiDi, with as much of Playwright's interface as the tests of both browsers
// use. Playwright itself drives only a Firefox of its own.
import puppeteer from 'puppeteer-core';

/** Close it with `browser.close()`. */
export async function launchFirefox(executablePath) {
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  const newContext = async () => {
    const context = await browser.createBrowserContext();
    return { newPage: async () => pageOf(await context.newPage()), close: () => context.close() };
  };
  return {
    newContext,
    newPage: async () => {
      const context = await newContext();
      return Object.assign(await context.newPage(), { close: context.close });
    },
    close: () => browser.close(),
  };
}

/** Messages of Firefox itself in the console. BiDi reports them as if the page had thrown them. */
const saidByBrowser = /^(Content-Security-Policy|Cross-Origin Request Blocked): /;

function pageOf(page) {
  const routes = [];
  const on = (event, listener) => {
    if (event === 'console') {
      page.on('pageerror', ({ message }) => {
        if (saidByBrowser.test(message)) listener({ type: () => 'error', text: () => message });
      });
    }
    page.on(event, (given) => {
      if (event !== 'pageerror' || !saidByBrowser.test(given.message)) listener(given);
    });
  };
  const intercept = async (request) => {
    const found = routes.find(({ pattern }) => pattern.test(request.url()));
    await (found ? found.handler : (route) => route.continue())(request);
  };
  return {
    goto: (url) => page.goto(url),
    evaluate: (work, argument) => page.evaluate(work, argument),
    evaluateHandle: (work, argument) => page.evaluateHandle(work, argument),
    addInitScript: (work, argument) => page.evaluateOnNewDocument(work, argument),
    click: (selector) => page.click(selector),
    screenshot: (options) => page.screenshot(options),
    on,
    close: () => page.close(),
    /** `handler` gets a request with `continue()` and `abort()`; `glob` is an address with `**` and `*`. */
    async route(glob, handler) {
      if (routes.length === 0) {
        await page.setRequestInterception(true);
        page.on('request', (request) => void intercept(request));
      }
      const source = glob
        .replace(/[.?+^$()[\]{}|\\]/g, '\\$&')
        .replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
      routes.push({ pattern: new RegExp(`^${source}$`), handler });
    },
  };
}
