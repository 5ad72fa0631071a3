import { spawnSync } from 'node:child_process';

const POLL_MS = 200;
/** Set for a process that runs in place of its parent. */
const MARK = 'SEQUELIZE_CLI_RUNS_AGAIN';

/**
 * Runs sequelize-cli again, with other arguments, in place of this process. In a process of its own, because the argument
 * parser of this one has already copied the arguments.
 */
export function runAgainWith(args: readonly string[]): never {
  const [node, script = ''] = process.argv;
  const { status } = spawnSync(node ?? process.execPath, [...process.execArgv, script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: 'yes' },
  });
  process.exit(status ?? 1);
}

/** Ends this process, if it runs in place of its parent, when the parent is killed. */
export function endWithParent(): void {
  if (!process.env[MARK]) return;
  Reflect.deleteProperty(process.env, MARK);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, POLL_MS);
  watch.unref();
}
