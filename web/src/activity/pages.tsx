// pages.tsx - the record page by page: a search that finds little goes on by itself, says so, and can be stopped.
import { Button, Group, Loader, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { PAGE_LINES, recordQuery, type Filter, type RecordLine } from '../api/events';
import { Moment } from '../parts/moment';
import { Coming, Failed, Nothing } from '../parts/states';
import classes from './page.module.css';
import { RecordList } from './list';

/* So many lines are kept at once; whoever wants to see more begins a new list where this one ends. */
const MOST_LINES = 1_000;

type Props = { filter: Filter; isFiltered: boolean; showsAccount: boolean; onClear: () => void; onGoOn: (until: string) => void; onError: (error: unknown) => void };

export function Pages({ filter, isFiltered, showsAccount, onClear, onGoOn, onError }: Props) {
  const search = useSearch(filter);
  useEffect(() => onError(search.error), [search.error, onError]);
  if (search.isPending && search.error === null) return <Coming rows={8} what="Searching the record" />;
  if (search.error !== null && search.lines.length === 0) return <Failed error={search.error} retry={search.again} />;
  return (
    <>
      {search.lines.length > 0 && <RecordList lines={search.lines} showsAccount={showsAccount} />}
      <Foot search={search} from={filter.from} isFiltered={isFiltered} onGoOn={onGoOn} />
      {search.lines.length === 0 && search.isAtEnd && <None isFiltered={isFiltered} onClear={onClear} />}
    </>
  );
}

type Search = ReturnType<typeof useSearch>;

/* Goes on until as many lines are there as were asked for. */
function useSearch(filter: Filter) {
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch, dataUpdatedAt } = useInfiniteQuery(recordQuery(filter));
  const [wanted, setWanted] = useState(PAGE_LINES);
  const [isStopped, setStopped] = useState(false);
  const lines = data?.pages.flatMap((page) => page.lines) ?? [];
  const isShort = hasNextPage && lines.length < Math.min(wanted, MOST_LINES);
  const goesOn = isShort && !isStopped && error === null;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage();
  }, [goesOn, isFetching, fetchNextPage]);
  return {
    lines,
    error,
    isPending,
    goesOn,
    isStopped,
    isAtEnd: data !== undefined && !hasNextPage,
    isFull: hasNextPage && lines.length >= MOST_LINES,
    at: dataUpdatedAt,
    older: () => { setWanted(Math.floor(lines.length / PAGE_LINES + 1) * PAGE_LINES); setStopped(false); void fetchNextPage(); },
    stop: () => setStopped(true),
    again: () => void (data === undefined ? refetch() : fetchNextPage()),
  };
}

/* What is below the last line: that it goes on, how to go on, or that this was all. */
function Foot({ search, from, isFiltered, onGoOn }: { search: Search; from?: string; isFiltered: boolean; onGoOn: (until: string) => void }) {
  const last = search.lines.at(-1);
  if (search.error !== null) return <Failed error={search.error} retry={search.again} />;
  if (search.goesOn) return <Searching last={last} from={from} found={search.lines.length} onStop={search.stop} />;
  if (search.isAtEnd) return last === undefined ? null : <Text size="sm" c="dimmed" className={classes.foot}>{isFiltered ? 'Nothing older matches.' : 'This is where the record begins, as far as it is kept.'}</Text>;
  if (search.isFull && last !== undefined)
    return (
      <Group className={classes.foot}>
        <Button variant="default" onClick={() => onGoOn(last.time)}>Go on from here</Button>
        <Text size="sm" c="dimmed">{search.lines.length.toLocaleString()} are shown; the next list begins where this one ends.</Text>
      </Group>
    );
  return (
    <Group className={classes.foot}>
      <Button variant="default" onClick={search.older}>{search.isStopped ? 'Search on' : 'Show older'}</Button>
      {search.isStopped && <Text size="sm" c="dimmed">Stopped. There may be more.</Text>}
    </Group>
  );
}

function Searching({ last, from, found, onStop }: { last?: RecordLine; from?: string; found: number; onStop: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Group className={classes.foot} gap="sm">
      <Loader size={16} aria-hidden />
      <Text size="sm" role="status">
        Searching… until <Until from={from} />. Found {found}{last !== undefined && <>, the oldest of <Moment at={last.time} /></>}.
      </Text>
      {seconds > 2 && <Text size="sm" c="dimmed">{seconds} s</Text>}
      <Button size="compact-sm" variant="default" onClick={onStop}>Stop</Button>
    </Group>
  );
}

const units: Record<string, string> = { m: 'minutes', h: 'hours', d: 'days' };

/* How far back it goes: "30d" is so long ago, anything else a time. */
function Until({ from }: { from?: string }) {
  if (from === undefined) return 'the beginning of the record';
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(from) ?? [];
  return count === undefined ? <Moment at={from} /> : `${count} ${units[unit]} ago`;
}

function None({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered)
    return (
      <Nothing title="Nothing on the record matches" action={<Button variant="default" onClick={onClear}>Show everything</Button>}>
        All of it was looked at. Take a filter away, or look at a longer stretch of time.
      </Nothing>
    );
  return <Nothing title="Nothing is on the record yet">Each request with a key, each change and each sign-in stands here as soon as it has happened.</Nothing>;
}
