// words.ts - a webhook in words: what it is called, how it stands, what it is told of, and what became of a delivery.
import type { Delivery, Webhook, WebhookEvent } from '../api/webhooks';

/** All, and what later versions add. */
export const EVERYTHING = '*';

/** Its name, or where it leads. */
export function titleOf({ name, url }: Pick<Webhook, 'name' | 'url'>): string {
  return name || url.replace(/^https:\/\//, '');
}

/** What is typed to be sure: a long URL is nobody's to type. */
export function nameOf({ name, url }: Webhook): string {
  return name || url.replace(/^https:\/\/([^/?]*).*$/, '$1');
}

export const whys = { by_hand: 'by hand', failing: 'nothing has arrived for a long time', gone: 'the receiver answered 410: it wants no more' };

/** Of a webhook that is off, as a sentence. */
export const whySentences = {
  by_hand: 'Somebody has turned it off: nothing is sent.',
  failing: 'Nothing has arrived for so long that it was turned off. Look after the receiver, then turn it on again.',
  gone: 'Its receiver answered 410 Gone, which says that it wants no more. It was turned off at once.',
};

const groups: [prefix: string, name: string][] = [
  ['alert', 'Alerts'], ['key', 'Keys'], ['spend_rules', 'Keys'], ['account', 'Accounts'], ['member', 'Members'], ['management_token', 'Management tokens'], ['webhook', 'Webhooks'],
  ['environment', 'The installation'], ['policy', 'The installation'],
];
const ofInstallation = /^(environment|policy)\./;
export type EventGroup = { name: string; events: WebhookEvent[] };

/** Of what is chosen, that which an account is told of. */
export function forAccount(types: string[]): string[] {
  return types.filter((type) => !ofInstallation.test(type));
}

/** By what they are about. A test is sent where it is asked for, whatever is chosen; what is of the installation, to its own webhooks alone. */
export function groupsOf(events: WebhookEvent[], isOfAccount: boolean): EventGroup[] {
  const found = new Map<string, WebhookEvent[]>(groups.map(([, name]) => [name, []]));
  for (const event of events) {
    if (event.type === 'webhook.test' || (isOfAccount && ofInstallation.test(event.type))) continue;
    const name = groups.find(([prefix]) => event.type.startsWith(`${prefix}.`))?.[1] ?? 'Other';
    found.set(name, [...(found.get(name) ?? []), event]);
  }
  return [...found].map(([name, list]) => ({ name, events: list })).filter((group) => group.events.length > 0);
}

/** "Everything", "key.revoked, alert.raised and 3 more". */
export function toldOf({ events }: Pick<Webhook, 'events'>, most = 2): string {
  if (events.includes(EVERYTHING)) return 'Everything';
  return events.length <= most + 1 ? events.join(', ') : `${events.slice(0, most).join(', ')} and ${events.length - most} more`;
}

export const deliveryNames: Record<Delivery['state'], string> = { pending: 'Waits', delivered: 'Delivered', failed: 'Given up' };
export const deliveryTones = { pending: 'open', delivered: 'good', failed: 'over' } as const;
