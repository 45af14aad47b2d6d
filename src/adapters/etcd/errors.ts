import { status } from '@grpc/grpc-js';
import { TargetError, type TargetErrorCode } from '../../domain/errors.js';
import { connectionTrouble, oneLine, withoutUser } from '../trouble.js';
import { RpcError } from './client.js';

export interface Asked {
  readonly endpoint: string;
  readonly deadlineMs: number;
  /** Changes state: its failure is never a reason to send it again. */
  readonly act: boolean;
}

/**
 * etcd's own words, first match wins. Its gRPC codes are no guide: a refused Defragment is UNKNOWN, a request that is
 * too large is RESOURCE_EXHAUSTED like a full database, and a lost quorum is one of three codes, by version.
 */
const byWords: readonly (readonly [RegExp, TargetErrorCode])[] = [
  [/database space exceeded/, 'no-space'],
  [/revision has been compacted/, 'compacted'],
  [/etcdserver: no leader/, 'no-leader'],
  [/etcdserver: (?:is )?not leader/, 'not-leader'],
  [/too many requests/, 'too-many-requests'],
  [/invalid auth token|revision of auth store is old|authentication failed/, 'auth'],
  [/user name is empty|user name not found|user not found|authentication is not enabled/, 'auth'],
  [/permission denied/, 'denied'],
  [/request timed out|context deadline exceeded|no token before the deadline/, 'timeout'],
  [/not capable|unknown (?:service|method)/, 'unsupported'],
  [/etcdserver: rpc not supported for learner/, 'failed'],
];

const byCode: ReadonlyMap<number, TargetErrorCode> = new Map<number, TargetErrorCode>([
  [status.DEADLINE_EXCEEDED, 'timeout'],
  [status.UNAUTHENTICATED, 'auth'],
  [status.PERMISSION_DENIED, 'denied'],
  [status.UNIMPLEMENTED, 'unsupported'],
]);

const unavailable: number = status.UNAVAILABLE;

const passing: ReadonlySet<TargetErrorCode> = new Set([
  ...(['unreachable', 'timeout', 'no-leader', 'too-many-requests', 'unavailable'] as const),
]);

/** The failure as the rest of the program knows it; what is no failure of the member comes back as it is: a bug. */
export function targetError(error: unknown, asked: Asked): unknown {
  if (error instanceof TargetError) return error;
  const target = withoutUser(asked.endpoint);
  if (isUnusableCertificate(error)) {
    return new TargetError(
      'tls',
      target,
      `The TLS files for ${target} can't be used: ${oneLine(error.message)}.`,
    );
  }
  if (!(error instanceof RpcError)) return error;
  const code = codeOf(error);
  const message = sentence(code, oneLine(error.details) || 'no reason given', { ...asked, endpoint: target });
  return new TargetError(code, target, message, { retryable: !asked.act && passing.has(code), cause: error });
}

export function codeOf({ code, details }: RpcError): TargetErrorCode {
  const match = byWords.find(([words]) => words.test(details));
  if (match) return match[1];
  if (code !== unavailable) return byCode.get(code) ?? 'failed';
  return /^etcdserver: /.test(details) ? 'unavailable' : connectionTrouble(details);
}

/** OpenSSL refuses the files themselves when the client is made. Its errors are told by their code alone. */
function isUnusableCertificate(error: unknown): error is NodeJS.ErrnoException {
  return /^ERR_(?:OSSL|TLS|CRYPTO)/.test(String((error as NodeJS.ErrnoException).code));
}

function sentence(code: TargetErrorCode, words: string, { endpoint, deadlineMs }: Asked): string {
  switch (code) {
    case 'timeout':
      return waited(words) ? `${endpoint} gave no answer within ${deadlineMs} ms.` : gaveUp(endpoint, words);
    case 'unreachable':
      return `No connection to ${endpoint}: ${words}.`;
    case 'unavailable':
      return `${endpoint} broke off: ${words}.`;
    case 'tls':
      return `No TLS connection to ${endpoint}: ${words}.`;
    case 'auth':
      return `${endpoint} does not accept our user: ${words}.`;
    case 'denied':
      return `${endpoint} does not allow this to our user: ${words}.`;
    case 'unsupported':
      return `${endpoint} does not have this call: ${words}.`;
    default:
      return `${endpoint} refused: ${words}.`;
  }
}

/** Our own deadline, not etcd's, which ends a proposal that finds no majority after about 7 s. */
function waited(words: string): boolean {
  return /^Deadline exceeded|no token before the deadline/.test(words);
}

function gaveUp(endpoint: string, words: string): string {
  return `${endpoint} waited in vain for the cluster's majority: ${words}.`;
}
