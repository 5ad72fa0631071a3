import { Op, Utils } from 'sequelize';
import { after, list, type Source } from './layout';
import { stringSource, typeSource } from './type';

/** A value as it is written in JavaScript. @throws for a value that a migration does not have */
export function valueSource(value: unknown): Source {
  if (typeof value === 'string') return stringSource(value);
  if (value === null || ['number', 'boolean', 'undefined'].includes(typeof value)) return String(value);
  if (value instanceof Utils.Literal) return `literal(${stringSource(String(value.val))})`;
  if (Array.isArray(value)) return list('[', value.map(valueSource), ']');
  if (typeof value === 'object') return objectSource(value);
  throw new Error(`${typeof value} cannot be written in a migration.`);
}

function objectSource(value: object): Source {
  const entries = Reflect.ownKeys(value).map((key) => {
    const of: unknown = Reflect.get(value, key);
    return after(`${keySource(key)}: `, valueSource(of));
  });
  return list('{', entries, '}');
}

/** The attributes of a column. */
export function attributesSource(attributes: unknown): Source {
  const entries = entriesOf(attributes).map(([key, value]) =>
    after(`${key}: `, key === 'type' ? typeSource(value) : valueSource(value)),
  );
  return list('{', entries, '}');
}

/** The attributes of columns, by their names. */
export function columnsSource(columns: unknown): Source {
  const entries = entriesOf(columns).map(([name, attributes]) =>
    after(`${keySource(name)}: `, attributesSource(attributes)),
  );
  return list('{', entries, '}');
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function keySource(key: string | symbol): string {
  if (typeof key === 'string') return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringSource(key);
  const [name] = Object.entries(Op).find(([, symbol]) => symbol === key) ?? [];
  if (name === undefined) throw new Error(`${String(key)} cannot be written in a migration.`);
  return `[Op.${name}]`;
}
