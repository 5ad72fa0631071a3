/** Source text that may be broken into lines: a word, or a list between two brackets, after what comes before it. */
export type Source = string | List;

interface List {
  readonly before: string;
  readonly open: string;
  readonly items: readonly Source[];
  readonly close: string;
}

/** How wide a line may be. A project that has a formatter of its own has its own opinion on that. */
export const WIDTH = 110;

export function list(open: string, items: readonly Source[], close: string): Source {
  return { before: '', open, items, close };
}

/** The same, after a text: `key: { … }`. */
export function after(text: string, source: Source): Source {
  return typeof source === 'string' ? text + source : { ...source, before: text + source.before };
}

/** Lays source text out, from a column on: in one line where it has room, otherwise each item in a line of its own. */
export function layOut(source: Source, indentation: number): string {
  const inLine = inOneLine(source);
  return typeof source === 'string' || indentation + inLine.length <= WIDTH
    ? inLine
    : inLines(source, indentation);
}

function inLines({ before, open, items, close }: List, indentation: number): string {
  const last = items.at(-1);
  const others = items.slice(0, -1);
  const isCall = open.endsWith('(') && others.every((one) => typeof one === 'string');
  // The last argument of a call is broken alone, as in `add('name', {`.
  if (isCall && last !== undefined && typeof last !== 'string') {
    const begin = others.map((one) => `${inOneLine(one)}, `).join('');
    return `${before}${open}${begin}${inLines(last, indentation)}${close}`;
  }
  const space = ' '.repeat(indentation + 2);
  const lines = items.map((item) => `${space}${layOut(item, indentation + 2)},\n`);
  return `${before}${open}\n${lines.join('')}${' '.repeat(indentation)}${close}`;
}

function inOneLine(source: Source): string {
  if (typeof source === 'string') return source;
  const { before, open, items, close } = source;
  const text = items.map(inOneLine).join(', ');
  return open === '{' && text !== '' ? `${before}{ ${text} }` : `${before}${open}${text}${close}`;
}
