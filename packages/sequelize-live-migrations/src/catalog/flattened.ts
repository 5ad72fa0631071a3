/**
 * A printed condition in which `((a AND b) AND c)` is `(a AND b AND c)`, wherever it is. PostgreSQL prints the first of what a
 * BETWEEN is a part of, and when it reads that again it makes the second of it (its `makeAndExpr`): the two are the same.
 */
export function flattened(printed: string): string {
  return /\(.* (AND|OR) /s.test(printed) ? partsOf(printed).join('') : printed;
}

/** Strings and names in quotes, parentheses, and all else. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]|[^'"()]+/g;

/** What is outside of parentheses, and each pair of them with what is in it, flattened. */
function partsOf(printed: string): string[] {
  const parts: string[] = [];
  let [depth, inside] = [0, ''];
  for (const [token] of printed.matchAll(TOKEN)) {
    if (token === ')') depth -= 1;
    if (depth > 0) inside += token;
    else if (token === ')') parts.push(`(${group(inside)})`);
    else if (/^['"]/.test(token)) parts.push(token);
    else if (token !== '(') parts.push(...token.split(/( AND | OR )/).filter((part) => part !== ''));
    if (token === '(') {
      if (depth === 0) inside = '';
      depth += 1;
    }
  }
  return parts;
}

/** What is in a pair of parentheses: operands of AND that are such themselves become operands of it. The same of OR. */
function group(inside: string): string {
  const parts = partsOf(inside);
  const operator = [' AND ', ' OR '].find((one) => parts.includes(one));
  if (operator === undefined) return parts.join('');
  const isOperand = (n: number) =>
    [parts[n - 1], parts[n + 1]].every((other) => (other ?? operator) === operator);
  return parts
    .map((part, n) => {
      const isSame = isOperand(n) && part.startsWith('(') && partsOf(part.slice(1, -1)).includes(operator);
      return isSame ? part.slice(1, -1) : part;
    })
    .join('');
}
