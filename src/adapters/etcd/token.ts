import { Metadata } from '@grpc/grpc-js';
import { RpcError, type MemberClient } from './client.js';
import { authenticateRpc } from './rpc.js';

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface Token {
  readonly metadata: Promise<Metadata>;
  /** Who asks next gets a new one. */
  forget(): void;
}

/** Answers the token at hand when it is young enough, else a new one. */
export type Tokens = (maxAgeMs: number) => Token;

/** The exchange goes through raft and costs a bcrypt hash. */
const loginMs = 5_000;

/**
 * etcd3's own token exchange is not used: it opens one more channel each time, without our options, never closes it,
 * and offers no way to drop a token.
 */
export function makeTokens(client: () => MemberClient, login: Login | undefined): Tokens {
  let held: { readonly token: Token; readonly at: number } | undefined;

  function make(given: Login): Token {
    const metadata = logIn(client(), given);
    const token: Token = { metadata, forget };
    function forget(): void {
      if (held?.token === token) held = undefined;
    }
    metadata.catch(forget);
    held = { token, at: Date.now() };
    return token;
  }

  return (maxAgeMs) => {
    if (!login) return { metadata: Promise.resolve(new Metadata()), forget: () => {} };
    return held && Date.now() - held.at <= maxAgeMs ? held.token : make(login);
  };
}

async function logIn(client: MemberClient, { username, password }: Login): Promise<Metadata> {
  const metadata = new Metadata();
  const call = { deadline: Date.now() + loginMs, metadata: new Metadata() };
  try {
    const { token } = await client.unary(authenticateRpc, { name: username, password }, call);
    metadata.set('token', token);
  } catch (error) {
    // A cluster whose auth is switched off needs no token, and gives none.
    if (!(error instanceof RpcError && /authentication is not enabled/.test(error.details))) throw error;
  }
  return metadata;
}
