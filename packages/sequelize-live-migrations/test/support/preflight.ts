import { generate } from '../../src/generators';
import { preflight } from '../../src/sequelize-cli/preflight';
import { loadProject } from '../../src/sequelize-cli/project';
import type { Run } from './cli';

/** Has ended the process, had it been one of its own. */
class Ended extends Error {
  constructor(readonly code: number | null) {
    super(`It exits with ${String(code)}.`);
  }
}

/**
 * Types a line for sequelize-cli that ends before that begins, as the generators do and what is refused: in this process, by
 * what the project's `.sequelizerc` calls in that of sequelize-cli.
 *
 * @throws where sequelize-cli would go on with the line
 */
export function typedHere(folder: string, line: string): Run {
  const written = { log: '', error: '' };
  const spies = (['log', 'error'] as const).map((stream) =>
    jest.spyOn(console, stream).mockImplementation((...said: readonly unknown[]) => {
      written[stream] += `${said.join(' ')}\n`;
    }),
  );
  const cwd = jest.spyOn(process, 'cwd').mockReturnValue(folder);
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Ended(Number(code));
  });
  try {
    preflight(loadProject(folder), () => generate, line.split(' '));
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    return { code: error.code, stdout: written.log, stderr: written.error };
  } finally {
    for (const spy of [...spies, cwd, exit]) spy.mockRestore();
  }
  throw new Error(`sequelize-cli goes on with ${line}.`);
}
