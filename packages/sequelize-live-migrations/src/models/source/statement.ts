import type { Call } from '../call';
import { layOut, list, type Source } from './layout';
import { attributesSource, columnsSource, valueSource } from './value';

/** A statement as it is written in a migration, without the indentation of its first line. */
export function statementSource({ method, args }: Call, indentation: number): string {
  const written = args.map((argument, n) => argumentSource(method, argument, n));
  return `${layOut(list(`schema.${method}(`, written, ')'), indentation)};`;
}

function argumentSource(method: Call['method'], argument: unknown, n: number): Source {
  if (n === 1 && (method === 'createTable' || method === 'dropTable')) return columnsSource(argument);
  const isColumn = method === 'addColumn' || method === 'changeColumn' || method === 'removeColumn';
  return n === 2 && isColumn ? attributesSource(argument) : valueSource(argument);
}
