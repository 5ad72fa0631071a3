import { plan } from '../../src/commands/plan';
import { loadProject } from '../../src/sequelize-cli/project';
import { DEFAULT_LIMITS, withQuietRun } from '../../src/session';
import type { TestDatabase } from './database';

const LIMITS = { ...DEFAULT_LIMITS, lockWaitMs: 3000 };

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
  try {
    await withQuietRun(url, (run) =>
      plan.work({ project: loadProject(root), run: { ...run, limits: LIMITS } }, args),
    );
  } finally {
    write.mockRestore();
  }
  return written.join('');
}
