// steps.ts - the explanation of a decision, read back into the steps that it is made of.

export type Step = { how: 'passed' | 'decided' | 'not_reached'; name: string; what: string };

const titles: Record<string, string> = {
  verifier: 'Gateway',
  path: 'Path',
  url: 'URL',
  tls: 'TLS',
  route: 'Route',
  credential: 'Credential',
  secret: 'Secret',
  keyring: 'Keyring',
  state: 'State of the key',
  environment: 'Environment',
  address: 'Address',
  browser: 'Browser',
  permission: 'Permission',
  record: 'Record',
  limits: 'Limits',
};

export function stepTitle(name: string): string {
  return titles[name] ?? name;
}

/* "  passed  tls          the connection was TLS" */
function readStep(line: string): Step | null {
  const found = /^ {2}(passed|ALLOWED|DENIED|-) +(?:([a-z]+) +)?(.*)$/.exec(line);
  if (found === null) return null;
  const [, how, name = '', what = ''] = found;
  return { how: how === 'passed' ? 'passed' : how === '-' ? 'not_reached' : 'decided', name, what };
}

/** The steps in their order, and what else was said. */
export function readSteps(explanation: string[]): { steps: Step[]; words: string[] } {
  const steps = explanation.map(readStep);
  return { steps: steps.filter((step) => step !== null), words: explanation.filter((_, i) => steps[i] === null) };
}
