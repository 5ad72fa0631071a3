import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { changesTheRecord, rememberCommand } from './command';
import { migrationMeantBy, UsageError } from './names';

/**
 * Looks at a sequelize-cli command before sequelize-cli does. Called by `.sequelizerc`, at the only moment at
 * which a project can: sequelize-cli requires that file before it parses its arguments.
 *
 * @param args the command line, without node and script
 */
export function preflight(args: readonly string[] = process.argv.slice(2)): void {
  try {
    const { command, options } = parse(args);
    rememberCommand(command);
    refuseGenerators(command);
    const environment = options.find(({ name }) => name === 'env')?.value;
    // The CLI's own --env chooses a key of the config file; ours has one configuration for each NODE_ENV.
    if (environment) process.env['NODE_ENV'] = environment;
    if (changesTheRecord()) failWhereNothingHappens();
    const corrected = correct(command, args, options);
    if (corrected.join('\0') !== args.join('\0')) runAgainWith(corrected);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`ERROR: ${error.message}`);
    process.exit(1);
  }
}

/** sequelize-cli's generators write JavaScript into the compiled folder, from which the next compiling removes it. */
function refuseGenerators(command: string): void {
  if (!/^(migration|model|seed):(generate|create)$|^init(:|$)/.test(command)) return;
  throw new UsageError(
    `${command} would write JavaScript into backend/dist. Nothing was written. The sources are TypeScript, in ` +
      'backend/src: the README says under "Adding a migration" how to begin.',
  );
}

/** An option as it was typed, and how many words of the command line it takes. */
interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly index: number;
  readonly words: 1 | 2;
}

function parse(args: readonly string[]): { command: string; options: Option[] } {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      ['env', 'to', 'from', 'name', 'url'].map((name) => [name, { type: 'string' }]),
    ),
  });
  const options = tokens.flatMap((token): Option[] => {
    if (token.kind !== 'option') return [];
    // `--to --debug` is a --to without a value.
    const value = token.inlineValue || !token.value?.startsWith('-') ? token.value : undefined;
    return [
      {
        name: token.name,
        value,
        index: token.index,
        words: token.inlineValue || value === undefined ? 1 : 2,
      },
    ];
  });
  return { command: positionals[0] ?? '', options };
}

/**
 * The command line as sequelize-cli has to see it: the names of migrations as they are recorded, and
 * `db:migrate:undo --to NAME`, which undoes NAME and only NAME, as the `--name` that sequelize-cli knows.
 */
function correct(command: string, args: readonly string[], options: readonly Option[]): string[] {
  const corrected = [...args];
  // From the last to the first, because each may change how many words there are before the next.
  for (const { name, value, index, words } of [...options].reverse()) {
    if (name === 'url') {
      if (!value) throw new UsageError('--url needs a connection URL.');
      // Through the configuration like DATABASE_URL: with its parsing, lock and silence about passwords.
      process.env['DATABASE_URL'] = value;
      corrected.splice(index, words);
    } else if (changesTheRecord() && ['to', 'from', 'name'].includes(name)) {
      const itsName = command === 'db:migrate:undo' && name === 'to' ? 'name' : name;
      const isWhole = name === 'to' && command === 'db:migrate:undo:all' && value === '0';
      const word = isWhole ? '0' : migrationMeantBy(name, value);
      const same = word === value && itsName === name;
      if (!same) corrected.splice(index, words, `--${itsName}`, word);
    }
  }
  return corrected;
}

/** sequelize-cli ends by `process.exit`. Where it just stops, a promise was never settled: no success. */
function failWhereNothingHappens(): void {
  process.once('beforeExit', () => {
    console.error(
      'ERROR: The command stopped in the middle, because a migration has returned a promise that never settles. ' +
        'What it had in an open transaction was rolled back. See "npx sequelize-cli db:migrate:status".',
    );
    process.exit(1);
  });
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
