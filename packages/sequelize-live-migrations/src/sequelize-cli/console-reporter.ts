import type { SingleBar } from 'cli-progress';
import type { Progress, Reporter } from '../session';

/** What takes less time gets no progress bar. */
const BAR_AFTER_MS = 1000;
const LINE_EVERY_MS = 5000;

/**
 * Prints what a migration does: a line for each step, and a progress bar for a step that takes long. Where the output is
 * no terminal, a line every few seconds instead of the bar.
 */
export function consoleReporter(): Reporter {
  let bar: SingleBar | undefined;
  let since: number | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
    since = undefined;
  };
  return {
    line(text) {
      end();
      console.log(`   ${text}`);
    },
    progress(progress) {
      const begun = (since ??= Date.now());
      if (!progress) end();
      else if (bar) show(bar, progress);
      else if (Date.now() - begun >= BAR_AFTER_MS) {
        const begin = (loaded: typeof import('cli-progress')) => {
          if (since === begun) bar ??= start(loaded, progress);
        };
        // Loaded only where something takes long. Without a bar, the migration goes on.
        import('cli-progress').then(begin, () => undefined);
      }
    },
  };
}

/** @param loaded the module, which most commands do not need */
function start(
  { SingleBar: Bar }: typeof import('cli-progress'),
  { what, done, total }: Progress,
): SingleBar {
  const bar = new Bar({
    format: total === undefined ? '   {what}: {value} rows' : '   {bar} {percentage}% {what}',
    stream: process.stdout,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 20,
  });
  bar.start(total ?? 0, done, { what });
  return bar;
}

function show(bar: SingleBar, { what, done, total }: Progress): void {
  if (total !== undefined) bar.setTotal(total);
  bar.update(done, { what });
}
