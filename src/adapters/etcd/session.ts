import { Metadata, status } from '@grpc/grpc-js';
import { MemberClient, RpcError, type CallSettings, type Tls } from './client.js';
import { codeOf } from './errors.js';
import type { Rpc } from './rpc.js';
import { makeTokens, type Login, type Token } from './token.js';

export interface Identity {
  readonly tls?: Tls | undefined;
  readonly auth?: Login | undefined;
}

/** Calls to one member as one user. */
export interface Session {
  /** Once more with a new token when the one at hand is no longer known to the member. */
  read<Request, Reply>(rpc: Rpc<Request, Reply>, request: Request, deadlineMs: number): Promise<Reply>;
  /** Sent once, whatever happens. */
  act<Request, Reply>(rpc: Rpc<Request, Reply>, request: Request, deadlineMs: number): Promise<Reply>;
  stream<Request, Reply>(
    rpc: Rpc<Request, Reply>,
    request: Request,
    deadlineMs: number,
  ): AsyncGenerator<Reply>;
  /** The same for a call that is a stream in both directions. */
  converse<Request, Reply>(
    rpc: Rpc<Request, Reply>,
    request: Request,
    until: { readonly deadlineMs: number; readonly signal: AbortSignal },
  ): AsyncGenerator<Reply>;
  close(): void;
}

/** A token lives for 300 s after its last use by default; an act is not repeated, so its token had better be young. */
const freshMs = 60_000;
const staleToken = /invalid auth token|revision of auth store is old|user name is empty|user not found/;

export function makeSession(endpoint: string, { tls, auth }: Identity): Session {
  let opened: MemberClient | undefined;
  const tokens = makeTokens(client, auth);

  function client(): MemberClient {
    return (opened ??= new MemberClient(endpoint, tls));
  }

  async function* flow<Reply>(
    deadlineMs: number,
    begin: (settings: CallSettings) => AsyncGenerator<Reply>,
  ): AsyncGenerator<Reply> {
    const deadline = Date.now() + deadlineMs;
    const token = tokens(freshMs);
    try {
      yield* begin({ deadline, metadata: await before(deadline, token.metadata) });
    } catch (error) {
      forgetStale(token, error);
    }
  }

  return {
    async read(rpc, request, deadlineMs) {
      const deadline = Date.now() + deadlineMs;
      const token = tokens(Infinity);
      const entry = await enter(before(deadline - deadlineMs / 2, token.metadata));
      try {
        return await client().unary(rpc, request, { deadline, metadata: entry.metadata });
      } catch (error) {
        if (!auth || !isStaleToken(error)) throw error;
        if (entry.failure) throw entry.failure;
        token.forget();
        const metadata = await before(deadline, tokens(Infinity).metadata);
        return client().unary(rpc, request, { deadline, metadata });
      }
    },
    async act(rpc, request, deadlineMs) {
      const deadline = Date.now() + deadlineMs;
      const token = tokens(freshMs);
      const call = { deadline, metadata: await before(deadline, token.metadata) };
      return client()
        .unary(rpc, request, call)
        .catch((error: unknown) => forgetStale(token, error));
    },
    stream: (rpc, request, deadlineMs) =>
      flow(deadlineMs, (settings) => client().stream(rpc, request, settings)),
    converse: (rpc, request, { deadlineMs, signal }) =>
      flow(deadlineMs, (settings) => client().converse(rpc, request, { ...settings, signal })),
    close: () => opened?.close(),
  };
}

interface Entry {
  readonly metadata: Metadata;
  readonly failure?: RpcError;
}

/**
 * A token is made through raft. Where the cluster can't make one now, which is when its state matters most, a read is
 * tried without: many versions of etcd tell status, members and alarms to everybody.
 */
async function enter(metadata: Promise<Metadata>): Promise<Entry> {
  try {
    return { metadata: await metadata };
  } catch (error) {
    if (!(error instanceof RpcError) || codeOf(error) === 'auth') throw error;
    return { metadata: new Metadata(), failure: error };
  }
}

/** An act that was refused for its token is not repeated, but the next one gets a new token. */
function forgetStale(token: Token, error: unknown): never {
  if (isStaleToken(error)) token.forget();
  throw error;
}

function isStaleToken(error: unknown): boolean {
  return error instanceof RpcError && staleToken.test(error.details);
}

/** A call that waits for a token keeps its own deadline, and is not sent after it. */
async function before<T>(deadline: number, value: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const expire = () => reject(new RpcError(status.DEADLINE_EXCEEDED, 'no token before the deadline'));
    timer = setTimeout(expire, deadline - Date.now());
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
