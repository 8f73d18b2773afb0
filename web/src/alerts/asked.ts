// asked.ts - which alerts are looked at: it stands in the address. Without a word of it, the open ones.
import type { AlertFilter, AlertState } from '../api/alerts';
import { useInAddress, type Asked } from '../parts/in_address';
import { detectors, severities, stateNames } from './words';

export const states: { value: AlertState | 'all'; label: string }[] = [
  { value: 'open', label: stateNames.open },
  { value: 'acknowledged', label: stateNames.acknowledged },
  { value: 'resolved', label: stateNames.resolved },
  { value: 'all', label: 'All' },
];

const allowed = {
  state: states.map(({ value }) => value).slice(1),
  severity: severities.map(({ value }) => value).slice(1),
  detector: Object.keys(detectors),
  key: 'any',
  account: 'any',
} as const;

export type AlertsAsked = Asked<keyof typeof allowed>;

export function useAsked() {
  return useInAddress<keyof typeof allowed>(allowed);
}

export function toApi({ state = 'open', ...same }: AlertsAsked): AlertFilter {
  return { ...same, ...(state !== 'all' && { state }) } as AlertFilter;
}
