import { TargetError, type TargetErrorCode } from '../../domain/errors.js';
import { connectionTrouble } from '../trouble.js';

export interface Request {
  /** As messages and the log name it: its address may be a secret. */
  readonly target: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/**
 * One HTTP request whose answer says yes by a status of 2xx. Fails with a TargetError that holds neither address nor
 * answer: both may carry secrets. Redirections are not followed, for they would take the secrets along.
 */
export async function ask({ target, url, method, headers, body, timeoutMs }: Request): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const init = {
    method,
    signal,
    redirect: 'manual',
    ...(headers && { headers }),
    ...(body && { body }),
  } as const;
  const response = await fetch(url, init).catch((error: unknown) => {
    throw signal.aborted ? tooLate(target, timeoutMs) : broken(target, error);
  });
  // The rest of an answer that breaks off changes nothing: its status has been seen.
  await response.body?.cancel().catch(() => undefined);
  if (!response.ok) throw refusal(target, response.status);
}

function tooLate(target: string, timeoutMs: number): TargetError {
  const words = `${target} gave no answer within ${String(timeoutMs)} ms.`;
  return new TargetError('timeout', target, words, { retryable: true });
}

/** fetch wraps the socket's error; only its code is taken over, for its words name the address. */
function broken(target: string, error: unknown): TargetError {
  const code = fieldOf(fieldOf(error, 'cause'), 'code');
  const reason = typeof code === 'string' ? code : 'the connection failed';
  const words = `${target} can't be reached: ${reason}.`;
  return new TargetError(connectionTrouble(reason), target, words, { retryable: true });
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Asking again helps only where it is too much or too early. */
function refusal(target: string, status: number): TargetError {
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  const words = `${target} answered with status ${String(status)}.`;
  return new TargetError(codeFor(status), target, words, { retryable });
}

function codeFor(status: number): TargetErrorCode {
  if (status === 429) return 'too-many-requests';
  if (status === 401) return 'auth';
  if (status === 403) return 'denied';
  return status >= 500 ? 'unavailable' : 'failed';
}
