// Writes down which methods of an unmodified SDK a suite called with success.
import { appendFileSync } from 'node:fs';

/** The client, with each method that succeeds written to the file `KEYSTEAD_COVERED`. */
export function recorded(name, client) {
  return new Proxy(client, {
    get(target, property) {
      const value = target[property];
      if (typeof value !== 'function') return value;
      return (...args) => {
        const result = value.apply(target, args);
        if (typeof result?.then !== 'function') note(name, property);
        else result.then((answer) => worked(answer) && note(name, property), () => {});
        return result;
      };
    },
  });
}

function worked(answer) {
  return answer?.statusCode === undefined || answer.statusCode === 200;
}

function note(name, property) {
  const file = process.env.KEYSTEAD_COVERED;
  if (file) appendFileSync(file, `${name}\t${String(property)}\n`);
}
