// asked.ts - what is asked of the record: it stands in the address, so that a view can be sent to a colleague.
import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import type { Filter } from '../api/events';

const names = ['from', 'until', 'kind', 'verdict', 'environment', 'reason', 'key', 'account', 'source', 'request', 'member', 'browser'] as const;
export type FilterName = (typeof names)[number];
export type Asked = Partial<Record<FilterName, string>>;

/* A key that was pasted whole gives its id alone: a secret never stands in an address. */
function harmless(value: string): string {
  return value.replace(/^.*?_([0-9A-Za-z]{14})_\S*$/, '$1').replace(/[0-9A-Za-z]{40,}/g, '');
}

function readAsked(params: URLSearchParams): Asked {
  const said = names.map((name) => [name, harmless(params.get(name) ?? '')] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== '')) as Asked;
}

/* An address with a whole key in it loses it before anything is asked. */
function useCleanAddress(params: URLSearchParams, setParams: ReturnType<typeof useSearchParams>[1]) {
  const isClean = [...params.values()].every((value) => harmless(value) === value);
  useEffect(() => {
    if (!isClean) setParams((before) => new URLSearchParams([...before].map(([name, value]) => [name, harmless(value)])), { replace: true });
  }, [isClean, setParams]);
}

/** The filters, how to change some of them, and whether the list is live. */
export function useAsked() {
  const [params, setParams] = useSearchParams();
  useCleanAddress(params, setParams);
  const change = (part: Asked) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(part)) harmless(value) ? after.set(name, harmless(value)) : after.delete(name);
      return after;
    });
  const setLive = (isOn: boolean) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      isOn ? after.set('live', '1') : after.delete('live');
      if (isOn) after.delete('until');
      return after;
    });
  return { asked: readAsked(params), change, clear: () => setParams(new URLSearchParams()), isLive: params.has('live'), setLive };
}

/** The words of the address are the API's own; what it does not know, it says. */
export function filterOf(asked: Asked): Filter {
  return asked as Filter;
}

/** The address of the activity that a filter finds. */
export function activityHref(asked: Asked): string {
  const said = Object.entries<string | undefined>(asked).filter((one): one is [string, string] => one[1] !== undefined);
  const text = new URLSearchParams(said).toString();
  return text === '' ? '/activity' : `/activity?${text}`;
}
