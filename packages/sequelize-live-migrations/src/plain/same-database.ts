import type { Sequelize } from 'sequelize';
import type { ConnectionManager } from '../session';

const FIELDS = ['host', 'port', 'database', 'username'];

/**
 * Whether connections of one instance of Sequelize can stand for those of another one: where both are to the same
 * database, as the same role. The other one learns the server's version, as it would from a connection of its own.
 */
export function standsFor(sequelize: Sequelize, { config, sequelize: other }: ConnectionManager): boolean {
  const valueOf = (of: object, name: string) => String(Reflect.get(of, name) ?? '');
  if (FIELDS.some((name) => valueOf(config, name) !== valueOf(sequelize.config, name))) return false;
  const { databaseVersion } = optionsOf(sequelize);
  other.options.databaseVersion ||= databaseVersion;
  return true;
}

function optionsOf(sequelize: object): ConnectionManager['sequelize']['options'] {
  const options: unknown = Reflect.get(sequelize, 'options');
  return typeof options === 'object' && options !== null ? options : {};
}
