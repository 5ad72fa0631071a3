import { drawLatency, type Run } from '../../bench/latency-chart';
import { longestUnderWay, SlowestWaits, type Wait } from '../../bench/waits';

/** A service's statements, one each 10 ms until the end, and among them one that waits. */
function run(endedMs: number, longest: Wait): Run {
  const waits = Array.from({ length: endedMs / 10 }, (_, n) => ({ beganMs: 10 * n, tookMs: 1 + (n % 7) }));
  return { waits: [...waits, longest], longestMs: longest.tookMs, endedMs };
}

const ours = run(8600, { beganMs: 1000, tookMs: 302 });
const plain = run(6200, { beganMs: 800, tookMs: 5167 });
const draw = () =>
  drawLatency({ title: 'What is noticed', subtitle: 'a < b & c' }, [
    { title: 'Nothing in the way', shadedMs: 0, ours, plain },
    { title: 'A lock', shadedMs: 6000, ours, plain },
  ]);
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);

it('the picture has a line for both in each panel, a legend with their numbers, and where they end', () => {
  const svg = draw();
  for (const color of ['#0969da', '#bc4c00']) {
    expect(svg.match(new RegExp(`fill="none"[^>]* stroke="${color}" stroke-width="2"`, 'g'))).toHaveLength(2);
    expect(svg.match(new RegExp(`fill="${color}" stroke="#ffffff" stroke-width`, 'g'))).toHaveLength(2);
  }
  const legend = [
    'these migrations: 302 ms at worst, done in 8.6 s',
    'plain sequelize-cli: 5,167 ms at worst, done in 6.2 s',
  ];
  expect(textsOf(svg).filter((text) => text.includes('at worst'))).toEqual([...legend, ...legend]);
});

it('the picture has titles, and axes with their units', () => {
  const texts = textsOf(draw());
  const scale = ['1 ms', '10 ms', '100 ms', '1 s', '10 s', '0', '2', '4', '6', '8'];
  const titles = ['What is noticed', 'a &lt; b &amp; c', 'Nothing in the way', 'A lock'];
  const axes = ['longest wait (log scale)', 'time since the migration command started (s)'];
  expect(texts).toEqual(expect.arrayContaining([...scale, ...titles, ...axes]));
});

it('each of its colours has another one for dark', () => {
  const svg = draw();
  const [, dark = ''] = /<style>@media \(prefers-color-scheme: dark\)\{(.*)\}<\/style>/.exec(svg) ?? [];
  const seen = svg.replace(/<defs[\s\S]*?<\/defs>/g, ''); // a clipping path is filled, and not seen
  const colors = [...seen.matchAll(/(?:fill|stroke)="#\w+"(?! stroke-width="0")/g)].map(
    ([attribute]) => attribute,
  );
  expect(new Set(colors).size).toBeGreaterThan(5);
  expect(colors.filter((attribute) => !dark.includes(`[${attribute}]{`))).toEqual([]);
});

it('the picture needs nothing that GitHub takes out, and stays small', () => {
  const svg = draw();
  expect(svg).not.toMatch(/<script|<foreignObject|@import|url\((?!#)|href=/);
  expect(svg.length).toBeLessThan(100_000);
});

it('a wait is drawn for as long as it takes, and what nobody saw is not drawn', () => {
  const waits = [
    { beganMs: -5, tookMs: 8 },
    { beganMs: 30, tookMs: 40 },
    { beganMs: 65, tookMs: 2 },
    { beganMs: 110, tookMs: 500 },
  ];
  expect(longestUnderWay(waits, 130, 20)).toEqual([
    [0, 8],
    [0.02, 40],
    [0.04, 40],
    [0.06, 40],
    [0.1, 500],
    [0.12, 500],
  ]);
});

it('of many statements, the slowest of each moment is remembered', () => {
  const waits = new SlowestWaits();
  for (let n = 0; n < 10_000; n += 1) waits.remember({ beganMs: n / 100, tookMs: n === 5000 ? 70 : 1 });
  expect(waits.all()).toHaveLength(5);
  expect(waits.all()).toContainEqual({ beganMs: 50, tookMs: 70 });
});
