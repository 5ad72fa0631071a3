import { endRun } from './run';

/** Jest's `globalTeardown`. */
export default async function tearDown(): Promise<void> {
  await endRun();
}
