import path from 'node:path';
import {
  type Run,
  type RunOptions,
  typedIn,
} from '../../../packages/sequelize-live-migrations/test/support/cli';
import { ROOT } from './build';

export type { Run } from '../../../packages/sequelize-live-migrations/test/support/cli';

export const { start, run, shell, startSequelizeCli, sequelizeCli, succeed } = typedIn(ROOT);

const WITHOUT_NPM = path.join(__dirname, '../fixtures/bin');

/** Types a line into a shell where `npx` is short: it finds what is installed, and nothing else. */
export function shellWithShortNpx(line: string, { env = {}, ...options }: RunOptions = {}): Promise<Run> {
  const PATH = [WITHOUT_NPM, process.env['PATH'] ?? ''].join(path.delimiter);
  return shell(line, { ...options, env: { ...env, PATH } });
}
