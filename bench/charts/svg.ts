import { escapeXml } from '../../measurement/escape-xml.ts';
/** One curve of a panel. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

/** A small chart: the same positions on the horizontal axis for all series, at equal distances. */
export interface Panel {
  readonly title: string;
  /** One label for each value of the series. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

export interface Chart {
  readonly title: string;
  /** The values that are not varied. */
  readonly conditions: string;
  /** The unit of the values. */
  readonly unit: string;
  readonly panels: readonly Panel[];
}

const PANEL = { width: 340, height: 220 };
const MARGIN = { left: 56, right: 24, top: 34, bottom: 30 };
const HEADER = 60;
const COLUMNS = 2;
const COLOURS = ['#0969da', '#bf3989', '#1a7f37'];
const TICKS = 4;
const FONT = 'font-family="system-ui, sans-serif" font-size="11"';

/** A chart as SVG, readable on light and on dark pages: it has its own background. Each axis begins at zero. */
export function chartSvg({ title, conditions, unit, panels }: Chart): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const width = COLUMNS * PANEL.width;
  const height = HEADER + rows * PANEL.height;
  const drawn = panels.map((panel, index) => {
    const x = (index % COLUMNS) * PANEL.width;
    const y = HEADER + Math.floor(index / COLUMNS) * PANEL.height;
    return `<g transform="translate(${x},${y})">${drawPanel(panel)}</g>`;
  });
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const legend = names.map(
    (name, index) =>
      `<tspan fill="${COLOURS[index % COLOURS.length]}">${index === 0 ? '' : '   '}${escapeXml(name)}</tspan>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ${FONT}>`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="20" font-size="14" font-weight="600" fill="#1f2328">${escapeXml(title)}</text>`,
    `<text x="12" y="37" fill="#59636e">${escapeXml(conditions)}</text>`,
    `<text x="12" y="54" fill="#59636e" xml:space="preserve">${escapeXml(unit)}:   ${legend.join('')}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, labels, series }: Panel): string {
  const area = {
    width: PANEL.width - MARGIN.left - MARGIN.right,
    height: PANEL.height - MARGIN.top - MARGIN.bottom,
  };
  const values = series.flatMap((one) => one.values).filter(Number.isFinite);
  const top = niceCeiling(Math.max(0, ...values));
  const x = (index: number): number =>
    MARGIN.left + (labels.length < 2 ? area.width / 2 : (index / (labels.length - 1)) * area.width);
  const y = (value: number): number => MARGIN.top + area.height * (1 - value / top);
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => (top / TICKS) * index);
  return [
    `<text x="${MARGIN.left}" y="20" font-weight="600" fill="#1f2328">${escapeXml(title)}</text>`,
    ...ticks.map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${PANEL.width - MARGIN.right}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#d1d9e0"/>` +
        `<text x="${MARGIN.left - 6}" y="${round(y(tick) + 4)}" text-anchor="end" fill="#59636e">${shortNumber(tick)}</text>`,
    ),
    ...labels.map(
      (label, index) =>
        `<text x="${round(x(index))}" y="${PANEL.height - 10}" text-anchor="middle" fill="#59636e">${escapeXml(label)}</text>`,
    ),
    ...series.map((one, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const points = one.values.flatMap((value, position) =>
        Number.isFinite(value) ? [[round(x(position)), round(y(value))] as const] : [],
      );
      return [
        `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
      ].join('');
    }),
  ].join('');
}

/** The next number of 1, 2, 4 or 8 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 8, 10].find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}

function shortNumber(value: number): string {
  return value >= 10_000 ? `${+(value / 1000).toFixed(1)}k` : String(+value.toPrecision(3));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
