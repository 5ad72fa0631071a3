import { init } from 'echarts';
import type {
  EChartsOption,
  LegendComponentOption,
  LineSeriesOption,
  TitleComponentOption,
  XAXisComponentOption,
  YAXisComponentOption,
} from 'echarts';
import { longestUnderWay, REMEMBERED_MS, type Wait } from './waits';

/** The waits of an application during one run of the migrations, and when they ended. */
export interface Run {
  readonly waits: readonly Wait[];
  readonly longestMs: number;
  readonly endedMs: number;
}

/** One panel: these migrations beside plain sequelize-cli, with the first `shadedMs` shaded. */
export interface Panel {
  readonly title: string;
  readonly shadedMs: number;
  readonly ours: Run;
  readonly plain: Run;
}

export interface Caption {
  readonly title: string;
  readonly subtitle: string;
}

const LIGHT = {
  paper: '#ffffff',
  text: '#1f2328',
  faint: '#59636e',
  grid: '#d1d9e0',
  ours: '#0969da',
  plain: '#bc4c00',
};

/** GitHub's own colours, so that the picture shows no edges there. */
const ON_DARK = {
  [LIGHT.paper]: '#0d1117',
  [LIGHT.text]: '#f0f6fc',
  [LIGHT.faint]: '#9198a1',
  [LIGHT.grid]: '#2f353d',
  [LIGHT.ours]: '#58a6ff',
  [LIGHT.plain]: '#f0883e',
};

const SIDES = { ours: 'these migrations', plain: 'plain sequelize-cli' };
type Side = keyof typeof SIDES;

const FONT = '-apple-system, BlinkMacSystemFont, Segoe UI, Helvetica, Arial, sans-serif';
const WIDTH = 860;
const PLOT = { left: 78, right: 26, height: 150 };
const FIRST_PLOT_TOP = 154;
/** From the top of one plot to the top of the next. */
const PITCH = 236;
const BELOW_LAST_PLOT = 58;

/** What is faster is drawn here: the axis is logarithmic, and has no zero. */
const LOWEST_MS = 1;
/** At least this, so that the pictures of several measurements can be compared. */
const HIGHEST_MS = 10_000;
/** About one for two pixels: more would not be visible. */
const MOST_POINTS = 400;

/**
 * Draws the longest waits over time, one panel below the other with the same axes. Returns an SVG without scripts that
 * follows the reader's light or dark scheme. It has its own background, because GitHub may be set to light on a system
 * that is set to dark.
 */
export function drawLatency(caption: Caption, panels: readonly Panel[]): string {
  const height = plotTop(panels.length - 1) + PLOT.height + BELOW_LAST_PLOT;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption(describe(caption, panels));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg.replace(/^<svg[^>]*>/, (tag) => `${tag}\n<style>${darkScheme()}</style>`);
}

/** A style rule takes precedence over an attribute. The attributes are for viewers without media queries. */
function darkScheme(): string {
  const rules = Object.entries(ON_DARK).flatMap(([light, dark]) =>
    ['fill', 'stroke'].map((attribute) => `[${attribute}="${light}"]{${attribute}:${dark}}`),
  );
  return `@media (prefers-color-scheme: dark){${rules.join('')}}`;
}

function describe(caption: Caption, panels: readonly Panel[]): EChartsOption {
  const runs = panels.flatMap(({ ours, plain }) => [ours, plain]);
  const endMs = Math.max(...runs.map(({ endedMs }) => endedMs));
  const longestMs = Math.max(...runs.map((run) => run.longestMs));
  const highestMs = Math.max(HIGHEST_MS, 10 ** Math.ceil(Math.log10(longestMs)));
  const sliceMs = Math.ceil(endMs / MOST_POINTS / REMEMBERED_MS) * REMEMBERED_MS;
  return {
    animation: false,
    backgroundColor: LIGHT.paper,
    textStyle: { fontFamily: FONT },
    title: [heading(caption), ...panels.map(panelTitle)],
    legend: panels.map(legend),
    grid: panels.map((_, n) => ({ ...PLOT, top: plotTop(n), outerBoundsMode: 'none' })),
    xAxis: panels.map((_, n) => timeAxis(n, endMs / 1000, n === panels.length - 1)),
    yAxis: panels.map((_, n) => waitAxis(n, highestMs)),
    series: panels.flatMap((panel, n) => [
      { ...line(panel, n, 'plain', sliceMs), markArea: shading(panel) },
      line(panel, n, 'ours', sliceMs),
    ]),
  };
}

const plotTop = (panel: number) => FIRST_PLOT_TOP + panel * PITCH;

function heading({ title, subtitle }: Caption): TitleComponentOption {
  return {
    text: title,
    subtext: subtitle,
    left: 10,
    top: 8,
    itemGap: 8,
    textStyle: { fontSize: 19, color: LIGHT.text },
    subtextStyle: { fontSize: 13, lineHeight: 18, color: LIGHT.faint },
  };
}

function panelTitle({ title }: Panel, n: number): TitleComponentOption {
  return {
    text: title,
    left: PLOT.left - 5,
    top: plotTop(n) - 58,
    textStyle: { fontSize: 15, color: LIGHT.text },
  };
}

const seriesName = (n: number, side: Side) => `${side} ${String(n)}`;

/** The legend, with the figures that the lines show. */
function legend(panel: Panel, n: number): LegendComponentOption {
  const entry = (side: Side): [string, string] => {
    const { longestMs, endedMs } = panel[side];
    const longest = Math.round(longestMs).toLocaleString('en');
    return [
      seriesName(n, side),
      `${SIDES[side]}: ${longest} ms at worst, done in ${(endedMs / 1000).toFixed(1)} s`,
    ];
  };
  const entries = new Map([entry('ours'), entry('plain')]);
  return {
    data: [...entries.keys()],
    formatter: (name) => entries.get(name) ?? name,
    left: PLOT.left - 5,
    top: plotTop(n) - 34,
    selectedMode: false,
    icon: 'roundRect',
    itemWidth: 18,
    itemHeight: 5,
    itemGap: 30,
    textStyle: { fontSize: 13, color: LIGHT.text },
  };
}

const AXIS = {
  nameLocation: 'middle',
  nameTextStyle: { fontSize: 13, color: LIGHT.faint },
  axisLine: { show: true, lineStyle: { color: LIGHT.faint } },
  axisTick: { show: true, lineStyle: { color: LIGHT.faint } },
} as const;
const AXIS_LABEL = { fontSize: 12, color: LIGHT.faint };

function timeAxis(gridIndex: number, seconds: number, named: boolean): XAXisComponentOption {
  return {
    ...AXIS,
    gridIndex,
    type: 'value',
    max: seconds * 1.01, // so that the mark at the end is not cut off
    name: named ? 'time since the migration command started (s)' : '',
    nameGap: 26,
    axisLabel: { ...AXIS_LABEL, showMaxLabel: false },
    splitLine: { show: false },
  };
}

function waitAxis(gridIndex: number, highestMs: number): YAXisComponentOption {
  return {
    ...AXIS,
    gridIndex,
    type: 'log',
    min: LOWEST_MS,
    max: highestMs,
    name: 'longest wait (log scale)',
    nameGap: 58,
    axisLabel: {
      ...AXIS_LABEL,
      formatter: (ms) => (ms < 1000 ? `${String(ms)} ms` : `${String(ms / 1000)} s`),
    },
    splitLine: { lineStyle: { color: LIGHT.grid } },
  };
}

function line(panel: Panel, n: number, side: Side, sliceMs: number): LineSeriesOption {
  const { waits, endedMs } = panel[side];
  const points = longestUnderWay(waits, endedMs, sliceMs).map(([at, ms]) => [at, Math.max(LOWEST_MS, ms)]);
  const end = [endedMs / 1000, points.at(-1)?.[1] ?? LOWEST_MS];
  const color = LIGHT[side];
  return {
    type: 'line',
    name: seriesName(n, side),
    xAxisIndex: n,
    yAxisIndex: n,
    data: [...points, end],
    silent: true, // the image is not interactive
    step: 'end', // the wait of a slice is drawn until the next slice
    symbol: 'none',
    lineStyle: { width: 2, color },
    areaStyle: { color, opacity: 0.12 },
    itemStyle: { color },
    markPoint: {
      silent: true,
      symbol: 'circle',
      symbolSize: 11,
      itemStyle: { color, borderColor: LIGHT.paper, borderWidth: 2 },
      data: [{ name: 'done', coord: end }],
    },
  };
}

function shading({ shadedMs }: Panel): NonNullable<LineSeriesOption['markArea']> {
  return {
    silent: true,
    itemStyle: { color: LIGHT.grid, opacity: 0.4 },
    data: shadedMs > 0 ? [[{ xAxis: 0 }, { xAxis: shadedMs / 1000 }]] : [],
  };
}
