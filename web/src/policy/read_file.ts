// read_file.ts - a policy as its file has it: lists of "- METHOD /path" below the name of their class. The rest of YAML is the command line's.
import type { Lists } from '../api/policy';
import { routeClasses, type RouteClass } from './classes';

export type Read = { lists: Lists } | { wrong: string };

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$|^'(.*)'$/, (_, double: string | undefined, single: string | undefined) => double ?? single ?? '');
}

/** The API judges the routes; here only the form is read. */
export function readFile(text: string): Read {
  const lists: Partial<Record<RouteClass, string[]>> = {};
  let list: string[] | undefined;
  for (const [i, whole] of text.split('\n').entries()) {
    const line = whole.replace(/(^|\s)#.*$/, '').trim();
    const name = routeClasses.find(({ value }) => line === `${value}:`)?.value;
    if (line === '') continue;
    if (name !== undefined && lists[name] === undefined) list = lists[name] = [];
    else if (list !== undefined && /^-\s/.test(line)) list.push(unquoted(line.slice(1).trim()));
    else return { wrong: `Line ${i + 1} is neither a list (read, transact, manage, public or deny), each once, nor a “- METHOD /path” of one` };
  }
  return { lists };
}
