import { Utils } from 'sequelize';
import { shown } from './shown';
import { hasUndefined, isDate, isPlain } from './values';

/** @throws where a default is neither a constant nor SQL, so that PostgreSQL would get the text of something else */
export function assertDefault(what: string, value: unknown): void {
  if (value === undefined || value === null || value instanceof Utils.Literal) return;
  if (typeof value === 'function' || value instanceof Utils.SequelizeMethod) {
    throw new Error(
      `${what}: DataTypes.NOW, UUIDV4, fn() and other functions are not defaults of the database. ` +
        "Write literal('CURRENT_TIMESTAMP') or literal('gen_random_uuid()').",
    );
  }
  if (Buffer.isBuffer(value)) {
    const sql = `'\\\\x${value.toString('hex')}'`;
    throw new Error(`${what}: bytes are a default as SQL: defaultValue: literal("${sql}").`);
  }
  if (!hasUndefined(value) && isConstant(value)) return;
  throw new Error(
    `${what}: defaultValue is a constant, such as 'none', 0 or { on: true }, or SQL: literal('…'), and not ${named(value)}.`,
  );
}

function isConstant(value: unknown): boolean {
  if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return true;
  if (Array.isArray(value)) return value.every(isConstant);
  if (isDate(value)) return true;
  return isPlain(value) && Reflect.ownKeys(value).every((key) => isConstant(Reflect.get(value, key)));
}

/** `[object Promise]`, of which JSON says only `{}` */
function named(value: unknown): string {
  const isOther = typeof value === 'object' && !Array.isArray(value) && !isPlain(value);
  return isOther ? Object.prototype.toString.call(value) : shown(value);
}
