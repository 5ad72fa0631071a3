import { listIn } from '../postgres';
import { flattened } from './flattened';

/**
 * An expression as PostgreSQL prints it when it has read again what it has printed, which of an index, a check or a generated
 * column may be another text than the first one. It is the same for what is new and for what was restored or copied.
 */
export function asReadAgain(printed: string): string {
  return withCastsInArrays(flattened(printed));
}

/**
 * `ARRAY[('a'::character varying)::text]` for `(ARRAY['a'::character varying])::text[]`: the second is what an `IN` of a varchar
 * column is at first; when it is read, a cast of an array becomes one of each of its elements (PostgreSQL's transformArrayExpr).
 */
function withCastsInArrays(printed: string): string {
  return printed.replace(CAST_OF_ARRAY, (found, items: string | undefined, type: string | undefined) => {
    if (items === undefined || type === undefined) return found; // a string or a name in quotes
    const cast = listIn(`(${items})`).items.map((item) => `(${item})::${type}`);
    return `ARRAY[${cast.join(', ')}]`;
  });
}

const [STRING, QUOTED] = [`'(?:[^']|'')*'`, `"(?:[^"]|"")*"`];
const ITEMS = `((?:${STRING}|${QUOTED}|\\[[^'"[\\]]*\\]|[^'"[\\]])+)`;
const TYPE = `((?:${QUOTED}|[\\w.])+(?: varying| precision)?(?:\\([\\d,]+\\))?(?: with(?:out)? time zone)?)`;
const CAST_OF_ARRAY = new RegExp(`${STRING}|${QUOTED}|\\(ARRAY\\[${ITEMS}\\]\\)::${TYPE}\\[\\]`, 'g');
