import { Sequelize } from 'sequelize';
import { attachModels } from '../src/models';
import { createTestDatabase } from 'sequelize-live-migrations/testing';
import { ROOT } from '../test/support/build';
import { createDatabase, dropDatabases } from '../test/support/database';
import { measureCli, median } from './measure';

const REPETITIONS = 15;

/** Three ways to create a database with the tables, and dropping one. Each returns milliseconds. */
const ways: Readonly<Record<string, () => Promise<number>>> = {
  'the kit: createTestDatabase()': async () => {
    const start = performance.now();
    const { drop } = await createTestDatabase();
    const took = performance.now() - start;
    await drop();
    return took;
  },
  'the kit: drop()': async () => {
    const { drop } = await createTestDatabase();
    return timeOf(drop);
  },
  'an empty database, sequelize-cli db:migrate': () =>
    timeOf(async () => {
      const { url } = await createDatabase();
      measureCli('db:migrate', ROOT, url);
    }),
  'an empty database, sync({ force: true })': () =>
    timeOf(async () => {
      const sequelize = new Sequelize((await createDatabase()).url, { logging: false });
      attachModels(sequelize);
      await sequelize.sync({ force: true });
      await sequelize.close();
    }),
};

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** `npm run bench -- testdb`: a test database of the kit, beside migrating one and beside Sequelize's sync. */
export async function benchTestDatabase(): Promise<void> {
  const times = Object.keys(ways).map((): number[] => []);
  for (let run = 0; run <= REPETITIONS; run += 1) {
    for (const [n, way] of Object.values(ways).entries()) {
      const took = await way();
      if (run > 0) times[n]?.push(took); // the first one warms up
    }
    await dropDatabases();
  }
  console.log(`a test database, medians of ${String(REPETITIONS)} runs after one to warm up`);
  console.table(
    Object.keys(ways).map((what, n) => ({
      what,
      'median ms': median(times[n] ?? []).toFixed(1),
      'at worst': Math.max(...(times[n] ?? [])).toFixed(1),
      aim: n === 0 ? '≤ 50' : '',
    })),
  );
}
