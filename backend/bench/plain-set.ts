import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../test/support/build';
import { createDatabase } from '../test/support/database';
import { comparison, measureCli, type Sample } from './measure';

const PACKAGE = path.join(ROOT, 'node_modules/sequelize-live-migrations/sequelizerc');
const REPETITIONS = 5;

/**
 * Compares a set of plain migrations, run with this package, with the same files and stock sequelize-cli, alternating, on
 * the same server: all of them on an empty database, all back, and with nothing to do.
 */
export async function benchPlainSet([count = '300']: readonly string[]): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'prd-maker-bench-'));
  try {
    const [ours, stock] = ['ours', 'stock'].map((name) => projectIn(path.join(root, name), Number(count)));
    fs.writeFileSync(
      path.join(ours ?? '', '.sequelizerc'),
      `module.exports = require(${JSON.stringify(PACKAGE)})({ root: __dirname });\n`,
    );
    console.log(`${count} plain migrations, medians of ${String(REPETITIONS)} alternating runs`);
    console.table(await compare(ours ?? '', stock ?? ''));
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

async function compare(ours: string, stock: string) {
  const commands = ['db:migrate', 'db:migrate', 'db:migrate:undo:all'];
  const samples = commands.map(() => ({ ours: Array<Sample>(), stock: Array<Sample>() }));
  for (let run = 0; run < REPETITIONS; run += 1) {
    for (const [name, cwd] of [
      ['ours', ours],
      ['stock', stock],
    ] as const) {
      const { url } = await createDatabase();
      for (const [n, command] of commands.entries()) {
        samples[n]?.[name].push(measureCli(command, cwd, url));
      }
    }
  }
  const names = ['everything, empty database', 'nothing to do', 'everything back'];
  return samples.map((one, n) => comparison(names[n] ?? '', one.ours, one.stock, '≤ 1.15'));
}

/** A project of plain migrations, with its configuration where stock sequelize-cli has it. @returns its folder */
function projectIn(root: string, count: number): string {
  fs.mkdirSync(path.join(root, 'migrations'), { recursive: true });
  fs.mkdirSync(path.join(root, 'config'));
  fs.writeFileSync(
    path.join(root, 'config/config.json'),
    JSON.stringify({
      development: { use_env_variable: 'DATABASE_URL', dialect: 'postgres', logging: false },
    }),
  );
  for (let n = 0; n < count; n += 1) {
    const name = `${String(20250101000000 + n)}-change-${String(n)}.js`;
    fs.writeFileSync(path.join(root, 'migrations', name), textOf(n));
  }
  return root;
}

/** Of each three, one creates a table, one adds a column with an index, and one sends SQL. */
function textOf(n: number): string {
  const table = `t${String(Math.floor(n / 3))}`;
  const kinds = [
    [
      `await q.createTable('${table}', { id: { type: S.INTEGER, primaryKey: true, autoIncrement: true },
        name: { type: S.STRING, allowNull: false }, state: { type: S.ENUM('a', 'b'), defaultValue: 'a' }, createdAt: S.DATE });`,
      `await q.dropTable('${table}'); await q.sequelize.query('DROP TYPE "enum_${table}_state"');`,
    ],
    [
      `await q.addColumn('${table}', 'size', { type: S.INTEGER, defaultValue: 1 }); await q.addIndex('${table}', ['size']);`,
      `await q.removeColumn('${table}', 'size');`,
    ],
    [
      `await q.sequelize.transaction(async (transaction) => {
        await q.bulkInsert('${table}', [{ name: 'one' }, { name: 'two' }], { transaction });
        await q.sequelize.query('UPDATE "${table}" SET "size" = 2', { transaction });
      });`,
      `await q.bulkDelete('${table}', {});`,
    ],
  ];
  const [up = '', down = ''] = kinds[n % 3] ?? [];
  return `module.exports = {\n  up: async (q, S) => { ${up} },\n  down: async (q, S) => { ${down} },\n};\n`;
}
