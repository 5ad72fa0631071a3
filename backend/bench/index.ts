import { benchServer } from '../../packages/checkout-postgres/bench/start';
import { benchInspect } from '../../packages/sequelize-live-migrations/bench/inspect';
import { benchBulk } from './bulk';
import { benchCli } from './cli';
import { benchGrowth } from './growth';
import { benchOverlap } from './overlap';
import { benchPlainSet } from './plain-set';
import { benchStall } from './stall';
import { benchTestDatabase } from './testdb';
import { benchWords } from './words';

/** `npm run bench -- NAME [OPTIONS]`: one benchmark, or all of them. */
const benchmarks: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  cli: benchCli,
  plain: benchPlainSet,
  stall: benchStall,
  bulk: benchBulk,
  overlap: benchOverlap,
  words: benchWords,
  growth: benchGrowth,
  testdb: benchTestDatabase,
  server: benchServer,
  inspect: benchInspect,
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
