// client.ts - the one way to the API: typed by its contract, with the token that changes carry, patient where it asks back.
import createClient from 'openapi-fetch';
import type { components, paths } from './contract';
import { ask, type Question } from './gate';
import { Refusal, Unreachable, type Problem } from './problem';
import { used } from './use';

const PATIENCE_MS = 30_000;

let csrfToken = '';
let holder = '';

/** What the newest session said; it goes with every change. */
export function keepToken({ csrfToken: token, member }: components['schemas']['Session']) {
  csrfToken = token;
  holder = member.id;
}

const asking: Record<string, Question> = {
  unauthenticated: 'sign_in',
  csrf_token: 'sign_in',
  step_up_required: 'step_up_required',
  sign_in_again: 'sign_in_again',
};

let reads = new AbortController();

/** What is being read is for nobody any more: who has signed out is not asked to sign in by an answer that comes late. */
export function dropReads() {
  reads.abort();
  reads = new AbortController();
}

let leaving: Promise<unknown> = Promise.resolve();

/** Sends the call that signs out. What begins to be read meanwhile waits for its end: after it, it is for nobody. */
export function signingOut<T>(call: () => Promise<T>): Promise<T> {
  dropReads();
  const sent = call();
  leaving = sent.then(dropReads, () => undefined);
  return sent;
}

async function send(request: Request, dropped = reads.signal): Promise<Response> {
  const isRead = request.method === 'GET';
  const cuts = [request.signal, AbortSignal.timeout(PATIENCE_MS), ...(isRead ? [dropped] : [])];
  const copy = new Request(request, { signal: AbortSignal.any(cuts) });
  if (!isRead) copy.headers.set('X-CSRF-Token', csrfToken);
  try {
    const response = await fetch(copy);
    if (response.ok) used();
    return response;
  } catch (thrown) {
    if (request.signal.aborted || (isRead && dropped.aborted)) throw thrown;
    throw new Unreachable();
  }
}

async function problemOf(response: Response): Promise<Problem | null> {
  if (response.ok) return null;
  try {
    return (await response.clone().json()) as Problem;
  } catch {
    return null;
  }
}

/* What leads in, and what answers a question, is told of its refusal itself. */
function questionFor(request: Request, problem: Problem | null): Question | null {
  const path = new URL(request.url).pathname;
  const entering = /^\/v1\/(session$|session\/|links\/|reset$)/.test(path);
  return entering || problem === null ? null : (asking[problem.code] ?? null);
}

/* Another tab proved something, and the session goes on under another token. Of another member's session none is taken. */
async function hasNewToken(): Promise<boolean> {
  const response = await send(new Request(new URL('/v1/session', window.location.origin)));
  if (!response.ok) return false;
  const session = (await response.json()) as components['schemas']['Session'];
  if (session.member.id !== holder || session.csrfToken === csrfToken) return false;
  keepToken(session);
  return true;
}

/* After one question there may be another: whoever has signed in again may still have to prove himself. */
async function sendAndAsk(request: Request): Promise<Response> {
  const dropped = reads.signal;
  if (request.method === 'GET') await leaving;
  const first = await send(request.clone(), dropped);
  const problem = await problemOf(first);
  if (problem?.code === 'csrf_token' && (await hasNewToken())) return sendAndAsk(request);
  const question = questionFor(request, problem);
  return question !== null && (await ask(question)) ? sendAndAsk(request) : first;
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: sendAndAsk });

type Answer<T> = { data?: T; error?: unknown; response: Response };

/* What nginx says when nothing answers behind it. */
const NO_ANSWER = 502;

/** The data of an answer, or a Refusal thrown. `const key = await taken(api.GET('/v1/keys/{id}', …))` */
export async function taken<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const problem = error as Partial<Problem> | undefined;
  if (typeof problem?.code !== 'string' || response.status === NO_ANSWER) throw new Unreachable();
  throw new Refusal(problem as Problem);
}

/** A new text for Idempotency-Key: a call that is sent again by a nervous hand makes nothing twice. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}
