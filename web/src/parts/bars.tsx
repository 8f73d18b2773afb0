// bars.tsx - how much was allowed and denied over time: a bar for each step, what was denied hatched and on top.
import { VisuallyHidden } from '@mantine/core';
import { useId, useState, type KeyboardEvent, type PointerEvent } from 'react';
import classes from './bars.module.css';

export type Bucket = { time: string; allowed: number; denied: number };
export type Step = 'minute' | 'hour' | 'day';
type Props = { buckets: Bucket[]; step: Step; label?: string };

const HEIGHT = 148;
const count = new Intl.NumberFormat();
const forms: Record<Step, Intl.DateTimeFormat> = {
  minute: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
  hour: new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  day: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
};

/** A day is one of UTC, as the API counts them; minutes and hours are local. */
function when(bucket: Bucket, step: Step): string {
  return forms[step].format(new Date(bucket.time)) + (step === 'day' ? ' (UTC)' : '');
}

/* The next of 1, 2, 5, 10, 20 …: what the uppermost line stands for. */
function topOf(buckets: Bucket[]): number {
  const most = Math.max(1, ...buckets.map((b) => b.allowed + b.denied));
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((n) => n * power >= most) ?? 10) * power;
}

/** Two colours, and two textures, so that neither is the only sign. Arrow keys walk along it; a table says the same. */
export function Bars({ buckets, step, label = 'Requests over time' }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const last = buckets.length - 1;
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(Math.min(last, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * buckets.length))));
  };
  const walk = (event: KeyboardEvent) => {
    const to = { ArrowLeft: (at ?? last + 1) - 1, ArrowRight: (at ?? last - 1) + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') setAt(null);
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
  };
  if (last < 0) return null;
  const active = at === null ? undefined : buckets[at];
  return (
    <figure className={classes.chart} style={{ margin: 0 }}>
      <Legend buckets={buckets} />
      <div className={classes.plot} role="group" aria-label={`${label}. Left and right arrow keys read the bars one by one`} tabIndex={0} onKeyDown={walk} onBlur={() => setAt(null)} onPointerMove={follow} onPointerLeave={() => setAt(null)}>
        <Drawing buckets={buckets} at={at} />
        <span className={classes.most} aria-hidden>{count.format(topOf(buckets))}</span>
        {active !== undefined && at !== null && <Tip bucket={active} step={step} place={(at + 0.5) / buckets.length} />}
      </div>
      <Axis buckets={buckets} step={step} />
      <VisuallyHidden role="status">{active === undefined ? '' : inWords(active, step)}</VisuallyHidden>
      <AsTable buckets={buckets} step={step} label={label} />
    </figure>
  );
}

function inWords(bucket: Bucket, step: Step): string {
  return `${when(bucket, step)}: ${count.format(bucket.allowed)} allowed, ${count.format(bucket.denied)} denied`;
}

/* Places in per cent, heights in pixels: it is as wide as there is room, and nothing in it is stretched. */
function Drawing({ buckets, at }: { buckets: Bucket[]; at: number | null }) {
  const hatch = useId();
  const top = topOf(buckets);
  const pitch = 100 / buckets.length;
  const gap = buckets.length > 100 ? 0.12 : 0.22;
  return (
    <svg aria-hidden>
      <defs>
        <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="1" y1="0" x2="1" y2="5" className={classes.hatch} />
        </pattern>
      </defs>
      {[0, 0.5, 1].map((share) => <line key={share} x1="0" x2="100%" y1={Math.round(HEIGHT * share) + 0.5} y2={Math.round(HEIGHT * share) + 0.5} className={classes.line} />)}
      {at !== null && <rect x={`${at * pitch}%`} width={`${pitch}%`} y="0" height={HEIGHT} className={classes.cursor} />}
      {buckets.map((bucket, i) => (
        <Bar key={bucket.time} bucket={bucket} top={top} x={`${(i + gap / 2) * pitch}%`} width={`${(1 - gap) * pitch}%`} fill={`url(#${hatch})`} />
      ))}
    </svg>
  );
}

/* What is not nothing can be seen: two pixels at least. */
function tall(part: number, top: number): number {
  return part === 0 ? 0 : Math.max(2, (part / top) * HEIGHT);
}

function Bar({ bucket, top, x, width, fill }: { bucket: Bucket; top: number; x: string; width: string; fill: string }) {
  const allowed = tall(bucket.allowed, top);
  const denied = tall(bucket.denied, top);
  return (
    <>
      {allowed > 0 && <rect x={x} width={width} y={HEIGHT - allowed} height={allowed} className={classes.allowed} />}
      {denied > 0 && <rect x={x} width={width} y={HEIGHT - allowed - denied} height={denied} fill={fill} className={classes.denied} />}
    </>
  );
}

function Tip({ bucket, step, place }: { bucket: Bucket; step: Step; place: number }) {
  return (
    <div className={classes.tip} aria-hidden style={{ left: `${place * 100}%`, transform: `translateX(-${place * 100}%)` }}>
      <b>{when(bucket, step)}</b>
      <br />
      {count.format(bucket.allowed)} allowed, {count.format(bucket.denied)} denied
    </div>
  );
}

function Legend({ buckets }: { buckets: Bucket[] }) {
  const hatch = useId();
  const allowed = buckets.reduce((sum, b) => sum + b.allowed, 0);
  const denied = buckets.reduce((sum, b) => sum + b.denied, 0);
  return (
    <figcaption className={classes.legend}>
      <span><svg width="12" height="12" aria-hidden><rect width="12" height="12" className={classes.allowed} /></svg>{count.format(allowed)} allowed</span>
      <span>
        <svg width="12" height="12" aria-hidden>
          <defs>
            <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="1" y1="0" x2="1" y2="5" className={classes.hatch} /></pattern>
          </defs>
          <rect x="0.5" y="0.5" width="11" height="11" fill={`url(#${hatch})`} className={classes.denied} />
        </svg>
        {count.format(denied)} denied
      </span>
    </figcaption>
  );
}

function Axis({ buckets, step }: { buckets: Bucket[]; step: Step }) {
  const middle = Math.floor(buckets.length / 2);
  const marks = buckets.length > 2 ? [buckets[0], buckets[middle], buckets[buckets.length - 1]] : buckets;
  return (
    <div className={classes.axis} aria-hidden>
      {marks.map((bucket) => bucket !== undefined && <span key={bucket.time}>{when(bucket, step)}</span>)}
    </div>
  );
}

function AsTable({ buckets, step, label }: { buckets: Bucket[]; step: Step; label: string }) {
  const some = buckets.filter((b) => b.allowed + b.denied > 0);
  return (
    <VisuallyHidden>
      <table>
        <caption>{label}: {some.length === 0 ? 'nothing in this time' : 'where there was anything'}</caption>
        <thead><tr><th scope="col">Time</th><th scope="col">Allowed</th><th scope="col">Denied</th></tr></thead>
        <tbody>
          {some.map((b) => <tr key={b.time}><th scope="row">{when(b, step)}</th><td>{b.allowed}</td><td>{b.denied}</td></tr>)}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
