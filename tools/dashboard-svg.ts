import type { AlarmWidget, MetricWidget, OtherWidget, Place } from '../local/cloudwatch/dashboard.ts';
import type { Series } from '../local/cloudwatch/metric-math/evaluate.ts';
import { escapeXml } from '../measurement/escape-xml.ts';

/** A metric widget with the values of its visible lines, oldest first. */
export interface DrawnWidget extends MetricWidget {
  readonly values: readonly { readonly label: string; readonly series: Series }[];
}

/** An alarm widget with the alarms that began in the drawn time. */
export interface DrawnAlarms extends AlarmWidget {
  readonly began: ReadonlySet<string>;
}

export type Drawn = DrawnWidget | DrawnAlarms | OtherWidget;

/** The size of a cell of the dashboard's grid. */
const CELL = { width: 50, height: 40 };
const COLUMNS = 24;
const GAP = 6;
const TITLE_HEIGHT = 44;
const ALARM_ROW = 20;
const COLORS = ['#1f77b4', '#d62728', '#2ca02c', '#ff7f0e', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f'];
/** Approximate width of a letter of the small text. */
const LETTER = 6.4;

/** Draws a dashboard as an SVG. */
export function renderDashboard(title: string, widgets: readonly Drawn[]): string {
  const width = COLUMNS * CELL.width;
  const rows = Math.max(...widgets.map(({ place }) => place.y + place.height));
  const height = TITLE_HEIGHT + rows * CELL.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">
  <style>
    text { font: 11px system-ui, sans-serif; fill: #545b64; } .head { font-size: 18px; font-weight: 600; fill: #16191f; }
    .title { font-size: 13px; font-weight: 600; fill: #16191f; } .number { font-size: 24px; fill: #16191f; }
    .box { fill: #ffffff; stroke: #d5dbdb; } .grid { stroke: #eaeded; } polyline { fill: none; stroke-width: 1.5; }
  </style>
  <rect width="${width}" height="${height}" fill="#f2f3f3"/>
  <text class="head" x="${GAP}" y="28">${escapeXml(title)}</text>
${widgets.map(renderWidget).join('\n')}
</svg>
`;
}

function renderWidget(widget: Drawn): string {
  const { left, top, width, height } = boxOf(widget.place);
  return [
    `  <g transform="translate(${left} ${top})">`,
    `    <rect class="box" width="${width}" height="${height}" rx="3"/>`,
    ...contentOf(widget, width, height).map((line) => `    ${line}`),
    '  </g>',
  ].join('\n');
}

function contentOf(widget: Drawn, width: number, height: number): string[] {
  switch (widget.kind) {
    case 'text':
      return paragraphs(widget.title, width).map(
        (line, index) => `<text x="10" y="${20 + index * 15}">${escapeXml(line)}</text>`,
      );
    case 'other':
      return [titleOf(widget.title, width), '<text x="10" y="40">A query of Logs Insights</text>'];
    case 'alarm':
      return [titleOf(widget.title, width), ...alarmList(widget, width, height)];
    case 'metric':
      return [titleOf(widget.title, width), ...metricContent(widget, width, height)];
  }
}

function metricContent(widget: DrawnWidget, width: number, height: number): string[] {
  if (widget.view === 'singleValue') return numbers(widget, width);
  const isOnePeriod = widget.values.every(({ series }) => series.length < 2);
  return isOnePeriod ? bars(widget, width) : graph(widget, width, height);
}

/** The states of the alarms. An alarm that began in the drawn time is red. */
function alarmList({ alarms, began }: DrawnAlarms, width: number, height: number): string[] {
  const rows = Math.floor((height - 34) / ALARM_ROW);
  const column = (width - 20) / Math.ceil(alarms.length / rows);
  return alarms.map((name, index) => {
    const x = round(10 + Math.floor(index / rows) * column);
    const y = 34 + (index % rows) * ALARM_ROW;
    const label = cut(name.slice(name.lastIndexOf('/') + 1), (column - 20) / LETTER);
    const color = began.has(name) ? '#d13212' : '#1d8102';
    return `<circle fill="${color}" r="4" cx="${x + 4}" cy="${y + 6}"/><text x="${x + 13}" y="${y + 10}">${escapeXml(label)}</text>`;
  });
}

/** One bar for each line of a graph with a single period. */
function bars({ values }: DrawnWidget, width: number): string[] {
  const left = 120;
  const right = width - 80;
  const top = Math.max(...values.map(({ series }) => series[0] ?? 0)) || 1;
  return values.flatMap(({ label, series: [value = 0] }, index) => {
    const y = 36 + index * 26;
    const length = round((value / top) * (right - left));
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escapeXml(cut(label, left / LETTER))}</text>`,
      `<rect x="${left}" y="${y}" width="${length}" height="16" fill="${COLORS[index % COLORS.length]}"/>`,
      `<text x="${left + length + 6}" y="${y + 12}">${format(value)}</text>`,
    ];
  });
}

function boxOf({ x, y, width, height }: Place) {
  return {
    left: x * CELL.width + GAP / 2,
    top: TITLE_HEIGHT + y * CELL.height + GAP / 2,
    width: width * CELL.width - GAP,
    height: height * CELL.height - GAP,
  };
}

function titleOf(title: string, width: number): string {
  return `<text class="title" x="10" y="20">${escapeXml(cut(title, width / 7))}</text>`;
}

/** The newest value of each line. */
function numbers({ values }: DrawnWidget, width: number): string[] {
  const column = (width - 20) / Math.max(1, values.length);
  return values.flatMap(({ label, series }, index) => {
    const newest = series.findLast((point) => point !== undefined);
    const x = 10 + index * column;
    return [
      `<text class="number" x="${round(x)}" y="62">${newest === undefined ? '–' : format(newest)}</text>`,
      `<text x="${round(x)}" y="82">${escapeXml(cut(label, column / LETTER))}</text>`,
    ];
  });
}

function graph({ values, isStacked }: DrawnWidget, width: number, height: number): string[] {
  const lines = isStacked ? stacked(values) : values;
  const legend = legendOf(values, width);
  const area = { left: 48, right: width - 12, top: 34, bottom: height - legend.height - 8 };
  const top = Math.max(0, ...lines.flatMap(({ series }) => series.filter((point) => point !== undefined)));
  const scale = top === 0 ? 1 : top;
  const yOf = (value: number): number => area.bottom - (value / scale) * (area.bottom - area.top);
  const xOf = (index: number, length: number): number =>
    area.left + (length < 2 ? 0 : (index / (length - 1)) * (area.right - area.left));
  const grid = [0, 0.5, 1].flatMap((part) => {
    const y = round(yOf(scale * part));
    return [
      `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${y}" y2="${y}"/>`,
      `<text x="${area.left - 6}" y="${y + 4}" text-anchor="end">${format(scale * part)}</text>`,
    ];
  });
  const drawn = lines.flatMap(({ series }, index) => {
    // A stacked line without values of its own would cover the line below.
    const isEmpty = isStacked && !values[index]?.series.some((point) => point !== undefined && point > 0);
    return (isEmpty ? [] : partsOf(series)).map((part) => {
      const points = part.map(({ at, value }) => `${round(xOf(at, series.length))},${round(yOf(value))}`);
      const color = COLORS[index % COLORS.length];
      const [only] = points;
      if (points.length > 1) return `<polyline stroke="${color}" points="${points.join(' ')}"/>`;
      const [cx, cy] = (only ?? '').split(',');
      return `<circle fill="${color}" r="2" cx="${cx}" cy="${cy}"/>`;
    });
  });
  return [...grid, ...drawn, ...legend.texts.map((text) => text(height))];
}

/** The runs of points without a gap. */
function partsOf(series: Series): { at: number; value: number }[][] {
  const parts: { at: number; value: number }[][] = [];
  for (const [at, value] of series.entries()) {
    if (value === undefined) continue;
    const last = parts.at(-1);
    if (last !== undefined && last.at(-1)?.at === at - 1) last.push({ at, value });
    else parts.push([{ at, value }]);
  }
  return parts;
}

function stacked(values: DrawnWidget['values']): DrawnWidget['values'] {
  const sums: number[] = [];
  return values.map(({ label, series }) => ({
    label,
    series: series.map((point, index) => {
      sums[index] = (sums[index] ?? 0) + (point ?? 0);
      return sums[index];
    }),
  }));
}

function legendOf(
  values: DrawnWidget['values'],
  width: number,
): { readonly height: number; readonly texts: readonly ((height: number) => string)[] } {
  let [x, row] = [10, 0];
  const placed = values.map(({ label }, index) => {
    const text = cut(label, width / LETTER - 6);
    const needed = text.length * LETTER + 26;
    if (x > 10 && x + needed > width) [x, row] = [10, row + 1];
    const place = { x, row, text, color: COLORS[index % COLORS.length] };
    x += needed;
    return place;
  });
  const rows = row + 1;
  return {
    height: rows * 15 + 4,
    texts: placed.map(({ x: at, row: ofRow, text, color }) => (height) => {
      const y = height - 8 - (rows - 1 - ofRow) * 15;
      return `<rect x="${round(at)}" y="${y - 9}" width="10" height="10" rx="2" fill="${color}"/><text x="${round(at + 14)}" y="${y}">${escapeXml(text)}</text>`;
    }),
  };
}

/** The lines of a text without the signs of Markdown. */
function paragraphs(markdown: string, width: number): string[] {
  const plain = markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*`#]/g, '');
  return plain.split('\n').map((line) => cut(line.trim(), width / LETTER));
}

function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, Math.floor(letters) - 1))}…`;
}

function format(value: number): string {
  if (value === 0 || (Math.abs(value) >= 100 && Math.abs(value) < 10_000)) return String(Math.round(value));
  if (Math.abs(value) < 0.001) return String(Number(value.toPrecision(2)));
  return Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
