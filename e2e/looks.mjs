// Looks at one page in every language, in both schemes, at 320 pixels: axe-core finds nothing,
// nothing scrolls sideways, the page is in the language that was asked for.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { database } from '../conformance/lib/server.mjs';
import { watched } from './page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const LOOKS = [
  { locale: 'en-US', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
  { locale: 'zh-TW', colorScheme: 'light' },
  { locale: 'ja-JP', colorScheme: 'dark' },
];

/** How a page looks does not depend on the database: beside SQLite one look is enough. */
const looks = database() === 'sqlite' ? LOOKS : LOOKS.slice(0, 1);

/**
 * A test for each page, by the way to it. It is opened once and then loaded again in the other
 * languages; what works once, such as a link, is `again`: its way is gone for each language.
 */
export function testLooks(browser, pages) {
  for (const [name, { open, again = false, fixed = false }] of Object.entries(pages)) {
    test(`how it looks: ${name}`, async () => {
      let opened;
      for (const look of looks) {
        if (!opened || again) {
          await opened?.context.close();
          // The policy of our pages refuses the foreign script that axe is: it is lifted here.
          const viewport = { width: 320, height: 640 };
          opened = await watched(browser, { ...look, viewport, bypassCSP: true });
          await open(opened.page);
        } else {
          await speak(opened.page, look.locale);
          await opened.page.emulateMedia({ colorScheme: look.colorScheme });
          await opened.page.reload();
        }
        await check(opened.page, `${name} ${look.locale} ${look.colorScheme}`, !fixed && look);
      }
      await opened.context.close();
    });
  }
}

/** Changes the language that the browser asks for, which its context has fixed. */
async function speak(page, locale) {
  await page.unrouteAll();
  await page.route('**/*', (route) => {
    const headers = { ...route.request().headers(), 'accept-language': locale };
    return route.continue({ headers });
  });
}

async function check(page, what, look) {
  await page.evaluate(axe);
  const { violations, lang, width } = await page.evaluate(async () => ({
    violations: (await window.axe.run()).violations
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    lang: document.documentElement.lang,
    width: document.documentElement.scrollWidth,
  }));
  assert.deepEqual(violations, [], what);
  assert.ok(width <= 320, `${what}: ${width} pixels`);
  if (look) assert.equal(lang, look.locale, what);
}
