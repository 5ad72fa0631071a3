'use strict';

// npm run test:soak -- [--seed N] [--databases N] [--kills N] [--cuts N] [--turns N] [--models N] [--overlaps N]
//   [--sequences N]
//
// The tests that choose at random, for minutes instead of seconds, and all tests with three migrations more. Prints the
// seed, with which the same choices are made again.

const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() & 0x7fffffff) },
    databases: { type: 'string', default: '200' },
    kills: { type: 'string', default: '60' },
    cuts: { type: 'string', default: '1000' },
    turns: { type: 'string', default: '200' },
    models: { type: 'string', default: '100' },
    overlaps: { type: 'string', default: '10' },
    sequences: { type: 'string', default: '1000' },
  },
});

console.log(`seed ${values.seed}: npm run test:soak -- --seed ${values.seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    require.resolve('jest/bin/jest'),
    '--maxWorkers=2',
    'wild',
    'cut',
    'kill',
    'there-and-back',
    'random',
    'next-migration',
    'overlap',
  ],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      SOAK_SEED: values.seed,
      SOAK_DATABASES: values.databases,
      SOAK_KILLS: values.kills,
      SOAK_CUTS: values.cuts,
      SOAK_TURNS: values.turns,
      SOAK_MODELS: values.models,
      SOAK_OVERLAPS: values.overlaps,
      SOAK_SEQUENCES: values.sequences,
      SOAK_NEXT_MIGRATION: '1',
    },
  },
);
process.exitCode = status ?? 1;
