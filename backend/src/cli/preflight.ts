import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { rememberCommand } from './command';

/**
 * Looks at a sequelize-cli command before sequelize-cli does. Called by `.sequelizerc`, at the only moment at
 * which a project can: sequelize-cli requires that file before it parses its arguments.
 *
 * @param args the command line, without node and script
 */
export function preflight(args: readonly string[] = process.argv.slice(2)): void {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: { env: { type: 'string' }, to: { type: 'string' } },
  });
  for (const token of tokens) {
    // The CLI's own --env chooses a key of the config file; ours has one configuration for each NODE_ENV.
    if (token.kind === 'option' && token.name === 'env' && token.value) process.env['NODE_ENV'] = token.value;
  }
  rememberCommand(positionals[0] ?? '');
  if (positionals[0] === 'db:migrate:undo') undoOnly(args, tokens.find(isTo)?.index);
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

function isTo(token: Token): boolean {
  return token.kind === 'option' && token.name === 'to';
}

/**
 * `db:migrate:undo --to NAME` undoes NAME, and only NAME: sequelize-cli calls that `--name`, and rejects
 * `--to` as an unknown argument.
 */
function undoOnly(args: readonly string[], index: number | undefined): void {
  if (index === undefined) return;
  const corrected = args.map((arg, position) => (position === index ? arg.replace(/^--to/, '--name') : arg));
  runAgainWith(corrected);
}

/**
 * Runs sequelize-cli with other arguments in place of this run. In a process of its own, because the argument
 * parser of this one already has its copy of the arguments.
 */
function runAgainWith(args: readonly string[]): never {
  const [node, script = ''] = process.argv;
  const { status } = spawnSync(node ?? process.execPath, [...process.execArgv, script, ...args], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
