// draft.ts - what is being chosen of the detectors, before it is saved: numbers are text, as they are typed.
import type { Severity } from '../api/alerts';
import type { Chosen, DetectorRule, Threshold } from '../api/thresholds';

export type Draft = { off: boolean; severity: Severity; action: DetectorRule['action']; numbers: Record<string, string> };
export type Drafts = Record<string, Draft>;

export function draftOf({ off, severity, action, numbers }: DetectorRule): Draft {
  return { off, severity, action, numbers: Object.fromEntries(Object.entries(numbers).map(([name, { value }]) => [name, String(value)])) };
}

export function defaultOf({ defaultSeverity, numbers }: DetectorRule): Draft {
  return { off: false, severity: defaultSeverity, action: 'notify', numbers: Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, String(number.default)])) };
}

export function isSame(a: Draft, b: Draft): boolean {
  return a.off === b.off && a.severity === b.severity && a.action === b.action && Object.entries(a.numbers).every(([name, text]) => Number(text) === Number(b.numbers[name]) && text.trim() !== '');
}

/** Why a number is none that the detector takes. */
export function wrongWith(text: string, { least, most }: Threshold): string | undefined {
  return /^\d{1,12}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most ? undefined : `${least.toLocaleString()} to ${most.toLocaleString()}`;
}

export function isRight({ numbers }: DetectorRule, draft: Draft): boolean {
  return Object.entries(numbers).every(([name, number]) => wrongWith(draft.numbers[name] ?? '', number) === undefined);
}

/* What is as by default is not said: it follows the default of later versions. */
function chosenOf(rule: DetectorRule, { off, severity, action, numbers }: Draft): Chosen[string] {
  const by = defaultOf(rule);
  const others = Object.entries(numbers).filter(([name, text]) => Number(text) !== Number(by.numbers[name]));
  return { ...(off && { off }), ...(severity !== by.severity && { severity }), ...(action !== by.action && { action }), ...Object.fromEntries(others.map(([name, text]) => [name, Number(text)])) };
}

/** All that differs from the defaults. */
export function toApi(rules: DetectorRule[], drafts: Drafts): Chosen {
  const all = rules.map((rule) => [rule.detector, chosenOf(rule, drafts[rule.detector] ?? draftOf(rule))] as const);
  return Object.fromEntries(all.filter(([, chosen]) => Object.keys(chosen).length > 0));
}
