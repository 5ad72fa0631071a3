import { literal } from 'sequelize';
import type { Column } from '../catalog';
import type { ColumnAttributes } from '../vocabulary';

type DefaultValue = ColumnAttributes['defaultValue'];

/**
 * The default of a column, from what PostgreSQL prints of it: a constant where it is one, so that it reads as in a model,
 * otherwise `literal('…')`.
 *
 * @returns undefined where there is none that a migration declares: of a serial or a generated column
 */
export function defaultValueOf({ default: printed, type, serial, generated }: Column): DefaultValue {
  if (printed === null || serial || generated !== null) return undefined;
  return constantOf(printed, type) ?? literal(printed);
}

/** `'cat'::text` is `cat`, for a column of that type; undefined for what is no constant, or one that is printed otherwise. */
function constantOf(printed: string, type: string): DefaultValue {
  if (NUMBERS.test(type)) {
    const [, integer, decimal] = NEGATIVE.exec(printed) ?? [];
    return numberOf(integer ?? decimal ?? printed);
  }
  if (type === 'boolean') return /^(true|false)$/.test(printed) ? printed === 'true' : undefined;
  const [, quoted, cast] = /^'((?:[^']|'')*)'::(.+)$/.exec(printed) ?? [];
  if (quoted === undefined || cast !== type.replace(/\(\d+\)$/, '')) return undefined;
  const text = quoted.replaceAll("''", "'");
  if (type === 'jsonb') return jsonOf(text);
  return TEXTS.test(cast) ? text : undefined;
}

const NUMBERS = /^(smallint|integer|numeric|double precision|real)\b/;
/** How PostgreSQL prints a negative number that was written as such; one that was written as text keeps its type. */
const NEGATIVE = /^'(-\d+)'::integer$|^'(-\d+\.\d+)'::numeric$/;
/** Types whose constants mean the same as text: not those of times, of which PostgreSQL reads many notations. */
const TEXTS = /^(text|character varying|character|uuid|"?enum_.+)$/;

/** A number as JavaScript writes it; undefined where that is not the same. */
function numberOf(printed: string): number | undefined {
  return String(Number(printed)) === printed ? Number(printed) : undefined;
}

/** A JSON value that is an object or an array; undefined where a number in it has more digits than JavaScript keeps. */
function jsonOf(text: string): object | undefined {
  if (/\d{16}|\d\.\d*0\b|[eE][+-]?\d/.test(text)) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? value : undefined;
}
