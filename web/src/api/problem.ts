// problem.ts - what the API says when it refuses, as something that can be thrown.
import type { components } from './contract';

export type Problem = components['schemas']['Problem'];

/** The API answered, and the answer was no. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly requestId: string;

  constructor(problem: Problem) {
    super(problem.message);
    this.status = problem.statusCode;
    this.code = problem.code;
    this.field = problem.field;
    this.requestId = problem.requestId;
  }
}

/** Nothing of the API answered: no network, no server, or not in time. */
export class Unreachable extends Error {
  constructor() {
    super('Keyward cannot be reached. Nothing you typed is lost: try again in a moment');
  }
}

/** What to say to a person about whatever was thrown. */
export function told(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'Something went wrong';
}

/** What the API says about one of a form's fields; permissions[1] counts as permissions. */
export function fieldOf(thrown: unknown): string | undefined {
  return thrown instanceof Refusal ? thrown.field?.replace(/\[.*$/, '') : undefined;
}
