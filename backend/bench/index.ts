import { benchServer } from '../../packages/checkout-postgres/bench/start';
import { benchInspect } from '../../packages/sequelize-live-migrations/bench/inspect';
import { ROOT } from '../test/support/build';
import { dropDatabases } from '../test/support/database';
import { startTestServer, stopTestServer } from '../test/support/server';
import { benchBulk } from './bulk';
import { benchCli } from './cli';
import { benchGrowth } from './growth';
import { benchOverlap } from './overlap';
import { benchPlainSet } from './plain-set';
import { benchStall } from './stall';
import { benchTestDatabase } from './testdb';
import { benchWords } from './words';

type Benchmark = (options: readonly string[]) => Promise<void>;

/** A benchmark on the server of a test run of its own. */
const onServer =
  (benchmark: Benchmark): Benchmark =>
  async (options) => {
    await startTestServer(ROOT);
    try {
      await benchmark(options);
    } finally {
      await dropDatabases();
      await stopTestServer();
    }
  };

/** `npm run bench -- NAME [OPTIONS]`: one benchmark, or all of them. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  cli: onServer(benchCli),
  plain: onServer(benchPlainSet),
  stall: onServer(benchStall),
  bulk: onServer(benchBulk),
  overlap: onServer(benchOverlap),
  words: onServer(benchWords),
  growth: onServer(benchGrowth),
  testdb: onServer(benchTestDatabase),
  server: benchServer,
  inspect: onServer(benchInspect),
};

async function main([name, ...options]: readonly string[]): Promise<void> {
  const chosen = name === undefined ? Object.values(benchmarks) : [benchmarks[name]];
  for (const benchmark of chosen) {
    if (!benchmark)
      throw new Error(`There is no benchmark ${String(name)}: ${Object.keys(benchmarks).join(', ')}.`);
    await benchmark(options);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
