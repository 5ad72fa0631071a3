// What `init` and `model:generate` write, as source text. It runs under stock sequelize-cli, too, unless the
// configuration needs this package.

/** CommonJS, or ES modules. */
export type ModuleKind = 'cjs' | 'esm';

/** sequelize-cli's configuration: the URLs, with their passwords, are in the environment. */
const VARIABLES = { development: 'DATABASE_URL', test: 'TEST_DATABASE_URL', production: 'DATABASE_URL' };

export function configSource(kind: ModuleKind | 'json'): string {
  const entries = Object.entries(VARIABLES);
  if (kind === 'json') {
    const settings = entries.map(([name, use_env_variable]) => [
      name,
      { use_env_variable, dialect: 'postgres' },
    ]);
    return `${JSON.stringify(Object.fromEntries(settings), undefined, 2)}\n`;
  }
  const lines = entries.map(
    ([name, variable]) => `  ${name}: { use_env_variable: '${variable}', dialect: 'postgres' },\n`,
  );
  const begin = kind === 'cjs' ? "'use strict';\n\nmodule.exports =" : 'export default';
  return `${begin} {\n${lines.join('')}};\n`;
}

/** How the models find the database. */
export interface Configuration {
  /** By sequelize-cli's settings, or by a function `resolveDatabase`. */
  readonly exports: 'settings' | 'resolveDatabase';
  /** How the index of the models imports it; left out: it is in the environment, and in no module. */
  readonly module?: string;
}

/** The instance of Sequelize, with all models of the folder attached, in the form in which `model:generate` writes them. */
export function modelsIndexSource(kind: ModuleKind, configuration: Configuration): string {
  const sequelize = configuration.exports === 'settings' ? FROM_SETTINGS : RESOLVED;
  return kind === 'cjs'
    ? `'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { DataTypes, Sequelize } = require('sequelize');
${configurationSource(kind, configuration)}
${sequelize}
const db = {};
for (const file of fs.readdirSync(__dirname)) {
  if (${NO_MODEL}) continue;
  const model = require(path.join(__dirname, file))(sequelize, DataTypes);
  db[model.name] = model;
}
for (const model of Object.values(db)) model.associate?.(db);

module.exports = { ...db, sequelize, Sequelize };
`
    : `import fs from 'node:fs';
import { DataTypes, Sequelize } from 'sequelize';
${configurationSource(kind, configuration)}
${sequelize}
const db = {};
for (const file of fs.readdirSync(new URL('.', import.meta.url))) {
  if (${NO_MODEL}) continue;
  const { default: define } = await import(new URL(file, import.meta.url));
  const model = define(sequelize, DataTypes);
  db[model.name] = model;
}
for (const model of Object.values(db)) model.associate?.(db);

export { sequelize, Sequelize };
export default { ...db, sequelize, Sequelize };
`;
}

const NO_MODEL = String.raw`!/^[^.].*\.js$/.test(file) || /^index\.|\.test\./.test(file)`;
const FROM_SETTINGS = `const { use_env_variable: variable, url = process.env[variable], ...options } =
  settings[process.env.NODE_ENV || 'development'];
const sequelize = url ? new Sequelize(url, options) : new Sequelize(options);
`;
const RESOLVED = `const sequelize = new Sequelize({
  dialect: 'postgres',
  hooks: {
    beforeConnect: async (target) => {
      const { connection } = await resolveDatabase();
      Object.assign(target, connection);
    },
  },
});
`;

function configurationSource(kind: ModuleKind, { exports, module }: Configuration): string {
  if (module === undefined) {
    return `${importSource(kind, '{ databaseFromEnvironment }', 'sequelize-live-migrations/config')}

const resolveDatabase = databaseFromEnvironment({ applicationName: 'models' });`;
  }
  if (exports === 'resolveDatabase') return `${importSource(kind, '{ resolveDatabase }', module)}\n`;
  if (kind === 'cjs' || !module.endsWith('.json')) return `${importSource(kind, 'settings', module)}\n`;
  // `import` of JSON is experimental on Node.js 20.
  return `\nconst settings = JSON.parse(fs.readFileSync(new URL('${module}', import.meta.url), 'utf8'));`;
}

function importSource(kind: ModuleKind, what: string, module: string): string {
  return kind === 'cjs' ? `const ${what} = require('${module}');` : `import ${what} from '${module}';`;
}

export interface ModelToWrite {
  readonly name: string;
  /** Their names, and their types as code: `DataTypes.STRING`. */
  readonly attributes: readonly (readonly [name: string, type: string])[];
  readonly isUnderscored: boolean;
}

export function modelSource(kind: ModuleKind, { name, attributes, isUnderscored }: ModelToWrite): string {
  const strict = kind === 'cjs' ? "'use strict';\n\n" : '';
  return `${strict}${importSource(kind, '{ Model }', 'sequelize')}

${kind === 'cjs' ? 'module.exports =' : 'export default'} (sequelize, DataTypes) => {
  class ${name} extends Model {
    /** The index of the models calls it when all of them are there. */
    static associate() {}
  }
  ${name}.init(
    {
${attributes.map(([attribute, type]) => `      ${attribute}: ${type},\n`).join('')}    },
    { sequelize, modelName: '${name}'${isUnderscored ? ', underscored: true' : ''} },
  );
  return ${name};
};
`;
}
