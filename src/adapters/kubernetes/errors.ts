import { TargetError, type TargetErrorCode } from '../../domain/errors.js';
import type { PathAccess, ResourceAccess } from '../../domain/kubernetes/ports.js';
import { connectionTrouble, oneLine } from '../trouble.js';
import type { Deadline } from './deadline.js';
import { at, list, text } from './json.js';

/** What was asked, for the sentence that says why it was not done. */
export interface Asked {
  readonly target: string;
  readonly right: ResourceAccess | PathAccess;
  readonly deadline: Deadline;
  /** Changes state: its failure is never a reason to send it again. */
  readonly act: boolean;
}

/** An answer of the API server that says no. */
export class Refused extends Error {
  readonly status: number;
  /** The API's own Status object; undefined: something else answered, such as a proxy or a path that is not there. */
  readonly details: unknown;
  /** How long it asks to wait, milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: string, retryAfter: string | undefined) {
    const details = statusOf(body);
    super(text(at(details, 'message')) ?? (oneLine(body) || `status ${status}`));
    this.status = status;
    this.details = details;
    this.retryAfterMs = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : null;
  }

  /** The API's word for it: `Expired`, `NotFound`, `Conflict`, … */
  get reason(): string {
    return text(at(this.details, 'reason')) ?? '';
  }

  get causes(): readonly unknown[] {
    return list(at(this.details, 'details', 'causes'));
  }
}

/** The credentials themselves can't be had: a file, a plugin, a certificate. */
export class NoCredentials extends Error {}

/** What was answered is not what an API server answers. */
export class Unreadable extends Error {}

function statusOf(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return at(parsed, 'kind') === 'Status' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const passing: ReadonlySet<TargetErrorCode> = new Set([
  ...(['unreachable', 'timeout', 'too-many-requests', 'unavailable'] as const),
]);

/** The failure as the rest of the program knows it; what is no failure of the target comes back as it is: a bug. */
export function targetError(error: unknown, asked: Asked): unknown {
  if (error instanceof TargetError) return error;
  const found = explain(error, asked);
  if (found === null) return error;
  const [code, message] = found;
  return new TargetError(code, asked.target, message, {
    retryable: !asked.act && passing.has(code),
    cause: error,
  });
}

type Explained = readonly [TargetErrorCode, string];

function explain(error: unknown, asked: Asked): Explained | null {
  const { target, deadline } = asked;
  if (isLate(error, deadline)) return ['timeout', `${target} gave no answer within ${deadline.ms} ms.`];
  if (error instanceof Refused) return refusal(error, asked);
  if (error instanceof NoCredentials) {
    return ['auth', `Our credentials for ${target} can't be used: ${oneLine(error.message)}.`];
  }
  if (error instanceof Unreadable) return ['failed', `${target} ${error.message}.`];
  const { code, message } = error as NodeJS.ErrnoException;
  // Told by the code alone: what the network and OpenSSL throw has one, and a bug has none.
  return typeof code === 'string' ? network(code, oneLine(message || code), target) : null;
}

/** An answer that is cut short by our own signal looks like a broken connection. */
function isLate(error: unknown, { signal }: Deadline): boolean {
  // By its name: Jest's modules have other errors than the built-in ones.
  const name = at(error, 'name');
  if (name === 'AbortError' || name === 'TimeoutError') return true;
  return signal.aborted && typeof at(error, 'code') === 'string';
}

function network(code: string, said: string, target: string): Explained {
  const kind = /^ERR_(?:OSSL|TLS|SSL|CRYPTO)/.test(code) ? 'tls' : connectionTrouble(`${code} ${said}`);
  if (kind === 'tls') return ['tls', `No TLS connection to ${target}: ${said}.`];
  if (kind === 'unreachable') return ['unreachable', `No connection to ${target}: ${said}.`];
  return ['unavailable', `${target} broke off: ${said}.`];
}

function refusal(error: Refused, { target, right }: Asked): Explained {
  const said = oneLine(error.message);
  switch (error.status) {
    case 401:
      return ['auth', `${target} does not accept our credentials: ${said}.`];
    case 403:
      return ['denied', `Our role may not ${rightText(right)} at ${target} (see infra/kubernetes): ${said}.`];
    case 404:
      return ['unsupported', `${target} has no ${thing(right)}: ${said}.`];
    case 410:
      return ['unavailable', `${target} forgot the state of this list while it was read: ${said}.`];
    case 429:
      return ['too-many-requests', `${target} has too much to do: ${said}.`];
    default:
      return error.status >= 500
        ? ['unavailable', `${target} could not answer (${error.status}): ${said}.`]
        : ['failed', `${target} refused (${error.status}): ${said}.`];
  }
}

/** `list jobs.batch` */
export function rightText(right: ResourceAccess | PathAccess): string {
  return `${right.verb} ${thing(right)}`;
}

function thing(right: ResourceAccess | PathAccess): string {
  if ('path' in right) return right.path;
  const { group, resource, subresource } = right;
  return `${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
}
