import { Sequelize } from 'sequelize';
import { plan } from '../../src/commands/plan';
import { loadProject } from '../../src/sequelize-cli/project';
import { DEFAULT_LIMITS } from '../../src/session';
import type { TestDatabase } from './database';

/** What `plan` prints of a project. */
export async function planOf(
  root: string,
  { url }: Pick<TestDatabase, 'url'>,
  ...args: readonly string[]
): Promise<string> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const sequelize = new Sequelize(url, { logging: false });
  const reporter = { line: () => undefined, progress: () => undefined };
  const run = { sequelize, limits: { ...DEFAULT_LIMITS, lockWaitMs: 3000 }, reporter };
  try {
    await plan.work({ project: loadProject(root), run }, args);
  } finally {
    write.mockRestore();
    await sequelize.close();
  }
  return written.join('');
}
