// in_address.ts - what a list is narrowed to, kept in the address, so that a view can be sent on; a secret never stands there.
import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { publicPart } from '../keys/public_part';

/** What a filter may be: one of these words, or any text. */
export type Allowed<Name extends string> = Record<Name, readonly string[] | 'any'>;
export type Asked<Name extends string> = Partial<Record<Name, string>>;

function read<Name extends string>(params: URLSearchParams, allowed: Allowed<Name>): Asked<Name> {
  const asked: Asked<Name> = {};
  for (const name of Object.keys(allowed) as Name[]) {
    const value = publicPart(params.get(name) ?? '').trim();
    if (value !== '' && (allowed[name] === 'any' || allowed[name].includes(value))) asked[name] = value;
  }
  return asked;
}

/** What is asked for, and how to ask for something else: '' takes a filter away. Words that are not allowed are left out: an old or
 *  mistyped address shows more, not an error. `allowed` is to be the same at each call. */
export function useInAddress<Name extends string>(allowed: Allowed<Name>): [Asked<Name>, (change: Asked<Name>) => void] {
  const [params, setParams] = useSearchParams();
  const ask = (change: Asked<Name>) =>
    setParams((before) => {
      const next = new URLSearchParams();
      for (const [name, value] of Object.entries<string | undefined>({ ...read(before, allowed), ...change })) if (value && publicPart(value)) next.set(name, publicPart(value));
      return next;
    }, { replace: true });
  const isClean = [...params.values()].every((value) => publicPart(value) === value);
  useEffect(() => {
    if (!isClean) setParams((before) => read(before, allowed) as Record<string, string>, { replace: true });
  }, [isClean, setParams, allowed]);
  return [read(params, allowed), ask];
}
