import { spawnSync } from 'node:child_process';

const POLL_MS = 200;
/** Set for the process that runs in place of its parent. */
const MARK = 'SEQUELIZE_CLI_RUNS_AGAIN';

/**
 * Runs sequelize-cli with other arguments in place of this run. In a process of its own, because the argument
 * parser of this one already has its copy of the arguments.
 */
export function runAgainWith(args: readonly string[]): never {
  const [node, script = ''] = process.argv;
  const { status } = spawnSync(node ?? process.execPath, [...process.execArgv, script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: 'yes' },
  });
  process.exit(status ?? 1);
}

/** Whoever kills the command that was typed means this one, which runs in its place. */
export function endWithParent(): void {
  if (!process.env[MARK]) return;
  Reflect.deleteProperty(process.env, MARK);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, POLL_MS);
  watch.unref();
}
