import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatAxisDay, formatNumber, timeZone } from '../../format.ts';
import { language, theme } from '../../preferences.ts';

export interface PlotProps {
  /** What the picture says, for those who do not see it. */
  says: string;
  height: number;
  /** Seconds since 1970, then a row of values per series. */
  data: uPlot.AlignedData;
  series: (colours: Colours) => uPlot.Series[];
  range?: uPlot.Scale.Range;
  /** Seconds of room at both ends, for bars that reach beyond their point. */
  room?: number;
  /** The point that is pointed at; null: none. */
  onPoint: (index: number | null) => void;
}

/** A colour of the style sheet, as it is in the present theme. */
export type Colours = (name: string) => string;

/** A uPlot chart, drawn anew for another width, theme, language or other data. */
export function Plot({ says, height, data, series, range, room = 0, onPoint }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const scheme = useScheme();
  const shownLanguage = language();
  useEffect(() => {
    if (!box.current || width === 0) return;
    const colours = coloursIn(box.current);
    const plot = new uPlot(
      {
        width,
        height,
        padding: [8, 20, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone.value),
        scales: { x: { time: true, range: (_plot, from, to) => [from - room, to + room] }, y: range ? { range } : {} },
        axes: [dayAxis(colours), countAxis(colours)],
        series: [{}, ...series(colours)],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      },
      data,
      box.current,
    );
    return () => plot.destroy();
  }, [data, width, height, scheme, shownLanguage]);
  return <div ref={box} class="plot" role="img" aria-label={says} />;
}

function dayAxis(colours: Colours): uPlot.Axis {
  return {
    ...axisLook(colours),
    grid: { show: false },
    size: 30,
    space: 70,
    incrs: [1, 2, 7, 14, 28, 56].map((days) => days * 86_400),
    values: (_plot, splits) => splits.map((seconds) => formatAxisDay(new Date(seconds * 1000).toISOString())),
  };
}

function countAxis(colours: Colours): uPlot.Axis {
  return {
    ...axisLook(colours),
    grid: { stroke: colours('--line'), width: 1 },
    size: 52,
    space: 36,
    incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
    values: (_plot, splits) => splits.map((value) => formatNumber(value)),
  };
}

function axisLook(colours: Colours): uPlot.Axis {
  return { stroke: colours('--ink-soft'), ticks: { show: false }, font: `12px ${colours('--sans')}`, gap: 6 };
}

/** The style sheet's colours depend on the theme, and a canvas wants them plain. */
function coloursIn(element: HTMLElement): Colours {
  const styles = getComputedStyle(element);
  const probe = document.createElement('span');
  return (name) => {
    if (name === '--sans') return styles.fontFamily;
    probe.style.color = `var(${name})`;
    element.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const watching = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watching.observe(box.current);
    return () => watching.disconnect();
  }, []);
  return width;
}

/** Light or dark, as chosen here or by the device. */
function useScheme(): string {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setDark] = useState(dark.matches);
  useEffect(() => {
    const follow = () => setDark(dark.matches);
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  return `${theme.value} ${isDark}`;
}
