// Parts of definitions that PostgreSQL prints.

/** `bornAt` for `"bornAt"`, and `name` for `name`. */
export function unquoted(identifier: string): string {
  return identifier.replace(/^"([\s\S]*)"$/, '$1').replaceAll('""', '"');
}

/** A list in parentheses, and what is before and after it. */
interface List {
  readonly before: string;
  readonly items: readonly string[];
  readonly after: string;
}

/** The first list of a definition, such as of `UNIQUE (name, "bornAt")` or `btree (lower(name), kind) WHERE (born IS NULL)`. */
export function listIn(definition: string): List {
  const begin = definition.indexOf('(') + 1;
  const items: string[] = [];
  let [depth, item, at] = [0, '', begin];
  for (const [token] of definition.slice(begin).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g)) {
    at += token.length;
    if (depth === 0 && (token === ',' || token === ')')) {
      items.push(item.trim());
      item = '';
      if (token === ')') break;
      continue;
    }
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    item += token;
  }
  return { before: definition.slice(0, begin), items, after: definition.slice(at) };
}
