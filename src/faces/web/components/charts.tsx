import { scaleLinear, scaleUtc } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';

/** One line of a plot: a number that holds from each day until the next. */
export interface Series {
  name: string;
  points: readonly { day: string; value: number }[];
  /** Drawn back: no longer supported. */
  quiet?: boolean;
}

export interface StepPlotProps {
  /** Unique on the page. */
  id: string;
  title: string;
  /** What one sees in it, for those who cannot. */
  summary: string;
  series: readonly Series[];
  /** What the numbers count: "open issues". */
  unit: string;
  /** A level to be held, drawn across. */
  goal?: { value: number; label: string } | undefined;
}

const WIDTH = 860;
const HEIGHT = 300;
const MARGIN = { top: 26, right: 190, bottom: 28, left: 44 };
/** Lines differ by their dashes as well as by colour. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 2', '1 2'];

/** Numbers over time, drawn on the server. The same numbers stand in a table beneath; neither needs JavaScript. */
export function StepPlot({ id, title, summary, series, unit, goal }: StepPlotProps) {
  const drawn = series.filter(({ points }) => points.length > 0);
  const days = drawn.flatMap(({ points }) => points.map(({ day }) => day)).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const x = scaleUtc([new Date(first), new Date(last)], [MARGIN.left, WIDTH - MARGIN.right]);
  const most = Math.max(
    1,
    goal?.value ?? 0,
    ...drawn.flatMap(({ points }) => points.map(({ value }) => value)),
  );
  const y = scaleLinear([0, most], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(5);
  const path = line<{ day: string; value: number }>(
    ({ day }) => x(new Date(day)),
    ({ value }) => y(value),
  ).curve(curveStepAfter);
  const labels = apart(
    drawn.map(({ name, points }) => ({
      name,
      value: points.at(-1)?.value ?? 0,
      at: y(points.at(-1)?.value ?? 0),
    })),
  );
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={title}
      aria-describedby={`${id}-summary`}
    >
      <title>{title}</title>
      <desc id={`${id}-summary`}>{summary}</desc>
      {y.ticks(5).map((value) => (
        <g class="plot-tick">
          <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(value)} y2={y(value)} />
          <text x={MARGIN.left - 8} y={y(value)} dy="0.32em" text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      {x.ticks(6).map((day) => (
        <text class="plot-day" x={x(day)} y={HEIGHT - 8} text-anchor="middle">
          {x.tickFormat(6)(day)}
        </text>
      ))}
      {goal === undefined ? null : (
        <g class="plot-goal">
          <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(goal.value)} y2={y(goal.value)} />
          <text x={MARGIN.left + 4} y={y(goal.value) - 4}>
            {goal.label}
          </text>
        </g>
      )}
      {drawn.map(({ points, quiet }, index) => (
        <path
          class={`plot-line plot-${index % 6}${quiet ? ' plot-quiet' : ''}`}
          d={path([...points]) ?? ''}
          stroke-dasharray={DASHES[index % DASHES.length]}
        />
      ))}
      {labels.map(({ name, value, at }, index) => (
        <text class={`plot-label plot-${index % 6}`} x={WIDTH - MARGIN.right + 8} y={at} dy="0.32em">
          {value} {name}
        </text>
      ))}
      <text class="plot-unit" x={MARGIN.left} y={MARGIN.top - 10}>
        {unit}
      </text>
    </svg>
  );
}

export interface BarsProps {
  /** Unique on the page. */
  id: string;
  title: string;
  summary: string;
  bars: readonly { label: string; value: number; words: string }[];
  /** Everything left of it is within it: days of the ten-day clock. */
  goal?: { value: number; label: string } | undefined;
}

const BAR = 22;

/** Amounts beside each other. */
export function Bars({ id, title, summary, bars, goal }: BarsProps) {
  const height = bars.length * BAR + 24;
  const x = scaleLinear([0, Math.max(1, goal?.value ?? 0, ...bars.map(({ value }) => value))], [0, 460]).nice(
    4,
  );
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={title}
      aria-describedby={`${id}-summary`}
    >
      <title>{title}</title>
      <desc id={`${id}-summary`}>{summary}</desc>
      {goal === undefined ? null : (
        <g class="plot-goal">
          <line x1={200 + x(goal.value)} x2={200 + x(goal.value)} y1={0} y2={height - 20} />
          <text x={200 + x(goal.value) + 4} y={height - 8}>
            {goal.label}
          </text>
        </g>
      )}
      {bars.map(({ label, value, words }, index) => (
        <g>
          <text class="plot-name" x={192} y={index * BAR + BAR / 2} dy="0.32em" text-anchor="end">
            {label}
          </text>
          <rect
            class="plot-bar"
            x={200}
            y={index * BAR + 3}
            width={Math.max(1, x(value))}
            height={BAR - 6}
            rx={2}
          />
          <text class="plot-words" x={206 + x(value)} y={index * BAR + BAR / 2} dy="0.32em">
            {words}
          </text>
        </g>
      ))}
    </svg>
  );
}

export interface SpansProps {
  id: string;
  title: string;
  summary: string;
  /** Rows with the stretches of time that each was exposed; `to` null: still. */
  rows: readonly { label: string; spans: readonly { from: string; to: string | null; words: string }[] }[];
  from: string;
  to: string;
}

/** Stretches of time, one row each: since when and up to when something was exposed. */
export function Spans({ id, title, summary, rows, from, to }: SpansProps) {
  const height = rows.length * BAR + 28;
  const x = scaleUtc([new Date(from), new Date(to)], [200, WIDTH - 12]);
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={title}
      aria-describedby={`${id}-summary`}
    >
      <title>{title}</title>
      <desc id={`${id}-summary`}>{summary}</desc>
      {x.ticks(6).map((day) => (
        <g class="plot-tick">
          <line x1={x(day)} x2={x(day)} y1={0} y2={height - 22} />
          <text class="plot-day" x={x(day)} y={height - 6} text-anchor="middle">
            {x.tickFormat(6)(day)}
          </text>
        </g>
      ))}
      {rows.map(({ label, spans }, index) => (
        <g>
          <text class="plot-name" x={192} y={index * BAR + BAR / 2} dy="0.32em" text-anchor="end">
            {label}
          </text>
          {spans.map((span) => {
            const start = x(new Date(span.from));
            const end = x(new Date(span.to ?? to));
            return (
              <rect
                class={span.to === null ? 'plot-span plot-span-open' : 'plot-span'}
                x={start}
                y={index * BAR + 4}
                width={Math.max(2, end - start)}
                height={BAR - 8}
                rx={2}
              >
                <title>{span.words}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

/** Labels that would lie on each other, moved apart; in the order in which they came. */
function apart<T extends { at: number }>(labels: readonly T[]): T[] {
  const gap = 20;
  const sorted = labels.map((label, index) => ({ label, index, at: label.at })).sort((a, b) => a.at - b.at);
  for (const [index, each] of sorted.entries()) {
    const above = sorted[index - 1];
    if (above !== undefined && each.at < above.at + gap) each.at = above.at + gap;
  }
  const over = (sorted.at(-1)?.at ?? 0) - (HEIGHT - MARGIN.bottom);
  const shift = Math.max(0, over);
  return sorted.sort((a, b) => a.index - b.index).map(({ label, at }) => ({ ...label, at: at - shift }));
}
