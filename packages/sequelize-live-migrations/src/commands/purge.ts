import { type Commented, findCommented } from '../catalog';
import { type KeptAside, keptAsideBy } from '../plan';
import { purge as deleteForGood } from '../run';
import { type Run, select } from '../session';
import { KEPT_ASIDE_COMMENTS } from '../vocabulary';
import type { Command } from './command';

const OLDER_THAN = '--older-than';
const YES = '--yes';

/**
 * Lists what migrations have kept aside. With `--older-than` only what is that old, which `--yes` deletes for good: each in
 * a transaction of its own, under a lock that is held only briefly.
 */
export const purge: Command = {
  parameters: `[${OLDER_THAN} 7d [${YES}]]`,
  accepts: (args) => optionsOf(args) !== undefined,
  async work({ run }, args) {
    const options = optionsOf(args) ?? { isConfirmed: false };
    const all = await keptAside(run);
    const { olderThan } = options;
    const old = all.filter(({ age }) => olderThan === undefined || age >= olderThan);
    if (options.isConfirmed) await purgeAll(run, old);
    else list(old, all.length, args);
  },
};

interface Options {
  /** In milliseconds. */
  readonly olderThan?: number;
  readonly isConfirmed: boolean;
}

/** The options that were typed; undefined where they are wrong, or `--yes` does not say how old. */
function optionsOf(args: readonly string[]): Options | undefined {
  if (args.length === 0) return { isConfirmed: false };
  const [option, age = '', yes, ...rest] = args.flatMap((arg) => arg.split('='));
  const olderThan = millisecondsOf(age);
  const isKnown = option === OLDER_THAN && (yes === undefined || yes === YES) && rest.length === 0;
  return isKnown && olderThan !== undefined ? { olderThan, isConfirmed: yes === YES } : undefined;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `7d`, `12h`, `2w` in milliseconds. */
function millisecondsOf(age: string): number | undefined {
  const [, count, unit = ''] = /^(\d+)([hdw])$/.exec(age) ?? [];
  const milliseconds = UNITS[unit];
  return count === undefined || milliseconds === undefined ? undefined : Number(count) * milliseconds;
}

/** Something that is kept aside. */
interface Kept extends Commented, KeptAside {
  /** In milliseconds; not a number where the comment has the time in another form than PostgreSQL's own. */
  readonly age: number;
}

async function keptAside({ sequelize }: Run): Promise<Kept[]> {
  const pattern = `^(${Object.values(KEPT_ASIDE_COMMENTS).join('|')})`;
  const found = await findCommented((sql) => select(sequelize, sql), pattern);
  return found.flatMap((thing) => {
    const kept = keptAsideBy(thing.comment);
    return kept ? [{ ...thing, ...kept, age: Date.now() - timeOf(kept.since) }] : [];
  });
}

/** A timestamp of PostgreSQL, whose offset has no minutes where these are 0, in milliseconds. */
function timeOf(timestamp: string): number {
  return Date.parse(timestamp.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}

function list(old: readonly Kept[], total: number, args: readonly string[]): void {
  for (const kept of old) console.log(describe(kept));
  if (total === 0) console.log('Nothing is kept aside.');
  else if (old.length === 0)
    console.log(`Nothing that is kept aside is that old; ${String(total)} are newer.`);
  else {
    const typed = args.length > 0 ? args.join(' ') : `${OLDER_THAN} 7d`;
    console.log(
      'Nothing was deleted. To delete for good what is that old: ' +
        `npx sequelize-live-migrations purge ${typed} ${YES}`,
    );
  }
}

/** `column pets.undone_kind: kept aside by undoing 2026-add-kind.js, since 2026-11-26 08:36:11+00, about 12 kB` */
function describe(kept: Kept): string {
  const undoing = kept.direction === 'down' ? 'undoing ' : '';
  return `${nameOf(kept)}: kept aside by ${undoing}${kept.migration}, since ${kept.since}, ${sizeOf(kept)}`;
}

function nameOf({ table, column }: Commented): string {
  return column === null ? `table ${table}` : `column ${table}.${column}`;
}

function sizeOf({ bytes, column }: Commented): string {
  if (bytes === null) return 'of unknown size, before an ANALYZE of its table';
  const kilobytes = Math.ceil(bytes / 1024);
  const size = kilobytes < 10_000 ? `${String(kilobytes)} kB` : `${String(Math.round(kilobytes / 1024))} MB`;
  return column === null ? size : `about ${size}`;
}

/** Deletes one after the other. What another of them depends on is tried again when that is gone. */
async function purgeAll(run: Run, all: readonly Kept[]): Promise<void> {
  let left = all;
  let reasons: string[] = [];
  while (left.length > 0) {
    const staying: Kept[] = [];
    reasons = [];
    for (const kept of left) {
      const dependents = await deleteForGood(run, kept);
      if (dependents.length === 0) continue;
      staying.push(kept);
      reasons.push(`${nameOf(kept)} stays: ${dependents.join(', ')} depends on it.`);
    }
    if (staying.length === left.length) break;
    left = staying;
  }
  console.log(`Deleted for good: ${String(all.length - left.length)} of ${String(all.length)}.`);
  if (left.length === 0) return;
  reasons.forEach((reason) => console.error(reason));
  process.exitCode = 1;
}
