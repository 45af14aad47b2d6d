import { noop } from 'cockatiel';
import { readFileSync } from 'node:fs';
import { Etcd3, type IOptions } from 'etcd3';
import type { TlsFiles } from './tls.js';

/** Without etcd3's retries and breakers: a refusal is what is looked for. */
export function connect(endpoints: string[], tls?: TlsFiles): Etcd3 {
  const options: IOptions = {
    hosts: endpoints,
    faultHandling: { global: noop, host: () => noop },
    defaultCallOptions: () => ({ deadline: Date.now() + 5_000 }),
  };
  if (!tls) return new Etcd3(options);
  const credentials = {
    rootCertificate: readFileSync(tls.ca),
    certChain: readFileSync(tls.cert),
    privateKey: readFileSync(tls.key),
  };
  return new Etcd3({ ...options, credentials });
}
