import fs from 'node:fs';
import path from 'node:path';
import { run } from './cli';
import { createDatabase } from './database';
import { copyFixture } from './fixture-project';

const BIN = path.join(__dirname, '../../bin.js');

/** Types `sequelize-live-migrations` with arguments. */
export const type = (...args: readonly string[]) => run(process.execPath, [BIN, ...args]);

/** Types it as an npm script, with options that npm has taken: what npm run does with those that are not behind a --. */
export function typeAfterNpm(name: string, taken: Readonly<Record<string, string>>) {
  const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none';
  const env = { ...taken, npm_lifecycle_event: `db:${name}`, DATABASE_URL };
  return run(process.execPath, [BIN, name], { env });
}

/** Types `check` in a project whose `.sequelizerc` exports this. It has a `broken.js`, which throws in its second line. */
export async function checkWith(call: string) {
  const cwd = copyFixture();
  fs.writeFileSync(path.join(cwd, 'broken.js'), "\nthrow new Error('boom');");
  const text = `const sequelizerc = require('sequelize-live-migrations/sequelizerc'); module.exports = ${call};`;
  fs.writeFileSync(path.join(cwd, '.sequelizerc'), text);
  const env = { DATABASE_URL: (await createDatabase()).url };
  return run(process.execPath, [BIN, 'check'], { cwd, env });
}
