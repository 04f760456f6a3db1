// A browser of few lines: a cookie jar, redirects by hand, forms as a person would send them.
import { strict as assert } from 'node:assert';

/** Keeps cookies for one origin, as a browser does for `localhost`. */
export class Browser {
  constructor(origin) {
    this.origin = new URL(origin).origin;
    this.cookies = new Map();
  }

  /** One request, without following a redirect. Returns status, headers, text, location, url. */
  async send(url, { method = 'GET', form, headers = {} } = {}) {
    const target = new URL(url, this.origin);
    assert.equal(target.origin, this.origin, `${target} is another origin`);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(target, {
      method,
      redirect: 'manual',
      body: form && new URLSearchParams(form),
      headers: {
        accept: 'text/html',
        ...(cookie && { cookie }),
        ...(method === 'POST' && { origin: this.origin, 'sec-fetch-site': 'same-origin' }),
        ...headers,
      },
    });
    response.headers.getSetCookie().forEach((line) => this.#keep(line));
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      url: target,
      location: location && new URL(location, target),
    };
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const gone = attributes.some((a) => /^max-age=(0|-\d+)$/i.test(a)) || pair.endsWith('=');
    if (gone) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(name.length + 1));
  }

  /** Follows redirects as long as they stay here. */
  async open(url, options) {
    let answer = await this.send(url, options);
    for (let hops = 0; answer.location?.origin === this.origin && hops < 10; hops += 1) {
      if (answer.location.pathname === '/dev/callback') break;
      answer = await this.send(answer.location);
    }
    return answer;
  }

  /** Fills the form of a page and sends it; hidden fields go along. */
  async submit(page, fields) {
    const form = formOf(page.text);
    const target = new URL(form.action ?? page.url.href, page.url);
    return this.open(target, { method: 'POST', form: { ...form.fields, ...fields } });
  }

  /** Opens an authorization URL, signs in if asked, and returns where the server leads to. */
  async authorize(url, { email, password } = {}) {
    let answer = await this.open(url);
    if (answer.status === 200 && /name="?password/.test(answer.text) && email) {
      answer = await this.submit(answer, { identifier: email, password });
    }
    return answer;
  }
}

/** Action and hidden fields of the first POST form of a page. */
export function formOf(html) {
  const form = /<form\b[^>]*method="?post[^>]*>[\s\S]*?<\/form>/i.exec(html);
  assert.ok(form, `no form in:\n${html}`);
  const fields = {};
  for (const [input] of form[0].matchAll(/<input\b[^>]*>/gi)) {
    if (/type="?hidden/i.test(input)) fields[attribute(input, 'name')] = attribute(input, 'value');
  }
  return { action: attribute(/<form\b[^>]*>/i.exec(form[0])[0], 'action'), fields };
}

function attribute(tag, name) {
  const found = new RegExp(`\\s${name}=("([^"]*)"|'([^']*)'|([^\\s>]*))`, 'i').exec(tag);
  return found ? unescaped(found[2] ?? found[3] ?? found[4]) : undefined;
}

function unescaped(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (name[0] !== '#') return names[name] ?? whole;
    const hex = name[1].toLowerCase() === 'x';
    return String.fromCodePoint(parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}
