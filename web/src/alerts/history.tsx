// history.tsx - the steps of an alert, by their names.
import type { AlertWhole } from '../api/alerts';
import { Steps } from '../people/steps';
import { stepName } from './words';

export function History({ of: alert }: { of: AlertWhole }) {
  return <Steps of={alert.history.map((step, i) => ({ ...step, what: stepName(alert, i) }))} />;
}
