import type { Call, Proposal } from '../call';
import { layOut, list, type Source, WIDTH } from './layout';
import { attributesSource, columnsSource, valueSource } from './value';

const INDENTATION = 4;

/** The statements that make some proposals, each with its notes above it, and what may be meant instead, as comments. */
export function bodyOf(proposals: readonly Proposal[]): string {
  return proposals.flatMap(linesOf).join('\n');
}

function linesOf({ up, notes, instead = [] }: Proposal): string[] {
  return [
    ...notes.flatMap((note) => wrapped(note, INDENTATION)).map(comment),
    ...instead.flatMap((statement) =>
      statementSource(statement, INDENTATION + 3)
        .split('\n')
        .map(uncommented)
        .map(comment),
    ),
    ...up.map((statement) => `${' '.repeat(INDENTATION)}${statementSource(statement, INDENTATION)}`),
  ];
}

/** What may be meant instead of a proposal, which its last note announces: for a terminal. */
export function insteadOf({ instead = [] }: Proposal): string[] {
  return instead.flatMap((statement) => `  ${statementSource(statement, 2)}`.split('\n'));
}

/** A statement as it is written in a migration, without the indentation of its first line. */
function statementSource({ method, args }: Call, indentation: number): string {
  const written = args.map((argument, n) => argumentSource(method, argument, n));
  return `${layOut(list(`schema.${method}(`, written, ')'), indentation)};`;
}

function argumentSource(method: Call['method'], argument: unknown, n: number): Source {
  if (n === 1 && (method === 'createTable' || method === 'dropTable')) return columnsSource(argument);
  const isColumn = method === 'addColumn' || method === 'changeColumn' || method === 'removeColumn';
  return n === 2 && isColumn ? attributesSource(argument) : valueSource(argument);
}

/** A line of a statement that is laid out three columns to the right, where a comment has its slashes. */
function uncommented(line: string, n: number): string {
  return n === 0 ? line : line.slice(INDENTATION + 3);
}

function comment(text: string): string {
  return `${' '.repeat(INDENTATION)}// ${text}`;
}

/** A text in lines that have room in a comment. */
export function wrapped(text: string, indentation = 0): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const hasRoom = last !== undefined && indentation + last.length + word.length + 4 <= WIDTH;
    if (hasRoom) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}
