import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { TargetError } from '../../domain/errors.js';
import type { Certificate } from '../../domain/snapshot.js';
import { connectionTrouble, oneLine, withoutUser } from '../trouble.js';
import type { Tls } from './client.js';

/**
 * The certificate that an endpoint shows, and the one that we show there. One handshake on a connection of its own,
 * without judging what comes: a certificate that nobody would accept any more still has a date to be read.
 */
export async function readCertificates(
  endpoint: string,
  tls: Tls | undefined,
  deadlineMs: number,
): Promise<readonly Certificate[]> {
  if (new URL(endpoint).protocol !== 'https:') return [];
  try {
    const server = certificate('server', await shown(endpoint, tls, deadlineMs));
    return tls?.cert ? [server, certificate('client', new X509Certificate(tls.cert))] : [server];
  } catch (error) {
    throw targetError(error, withoutUser(endpoint), deadlineMs);
  }
}

function certificate(of: Certificate['of'], { subject, validTo }: X509Certificate): Certificate {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.split('\n').join(', ');
  return { of, subject: name, notAfter: Date.parse(validTo) };
}

class Late extends Error {}

function shown(endpoint: string, tls: Tls = {}, deadlineMs: number): Promise<X509Certificate> {
  const socket = handshake(endpoint, tls);
  return new Promise<X509Certificate>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Late()), deadlineMs);
    socket.on('error', reject).on('close', () => reject(broken()));
    socket.once('secureConnect', () => {
      const found = socket.getPeerX509Certificate();
      if (found) resolve(found);
      else reject(broken());
    });
    socket.once('close', () => clearTimeout(timer));
  }).finally(() => socket.destroy());
}

/** Go answers a client that names no protocol of its, but etcd's own clients all name h2. */
function handshake(endpoint: string, { ca, cert, key }: Tls): TLSSocket {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, '');
  return connect({
    host,
    port: Number(port || 443),
    // Server names are never addresses.
    ...(isIP(host) ? {} : { servername: host }),
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
  });
}

function broken(): Error {
  return Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' });
}

/** Told by the code alone: what the network and OpenSSL throw has one, and a bug has none. */
function targetError(error: unknown, endpoint: string, deadlineMs: number): unknown {
  if (error instanceof Late) {
    const words = `${endpoint} gave no answer within ${String(deadlineMs)} ms.`;
    return new TargetError('timeout', endpoint, words, { retryable: true, cause: error });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const kind = /^ERR_(?:OSSL|TLS|SSL|CRYPTO)/.test(code) ? 'tls' : connectionTrouble(`${code} ${message}`);
  const words = `No TLS handshake with ${endpoint}: ${oneLine(message || code)}.`;
  return new TargetError(kind, endpoint, words, { retryable: kind !== 'tls', cause: error });
}
