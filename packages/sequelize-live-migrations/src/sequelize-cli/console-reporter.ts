import { SingleBar } from 'cli-progress';
import type { Progress, Reporter } from '../run';

/** What is done sooner needs no bar. */
const PATIENCE_MS = 1000;
const LINE_EVERY_MS = 5000;

/**
 * Tells what a migration does: a line for each step, and for one that takes its time a bar; where there is no
 * terminal, a line every few seconds.
 */
export function consoleReporter(): Reporter {
  let bar: SingleBar | undefined;
  let since: number | undefined;
  const end = () => {
    bar?.stop();
    [bar, since] = [undefined, undefined];
  };
  return {
    line(text) {
      end();
      console.log(`   ${text}`);
    },
    progress(progress) {
      since ??= Date.now();
      if (!progress) end();
      else if (bar) show(bar, progress);
      else if (Date.now() - since >= PATIENCE_MS) bar = start(progress);
    },
  };
}

function start({ what, done, total }: Progress): SingleBar {
  const bar = new SingleBar({
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
