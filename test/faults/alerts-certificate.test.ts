import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findOrFetch, withoutEtcd } from '../../infra/local/binaries.js';
import { startEtcd, type LocalEtcd } from '../../infra/local/etcd.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { aWatch, START_MS, watched } from './alerts-stage.js';

const HOUR_MS = 3_600_000;
const run = promisify(execFile);

describe('Of a certificate', () => {
  let etcd: LocalEtcd;
  let cluster: Cluster;
  const watch = aWatch({
    connections: () => {
      const { ca, cert, key } = etcd.tls!;
      const [rootCertificate, certChain, privateKey] = [ca, cert, key].map((file) => readFileSync(file));
      return { tls: { ca: rootCertificate!, cert: certChain!, key: privateKey! } };
    },
  });

  beforeAll(async () => {
    etcd = await startEtcd({ version: '3.5', members: 1, quotaBytes: 8 * 1024 ** 2, tls: true });
    cluster = watched('prod', etcd.endpoints);
  }, START_MS);

  afterAll(() => etcd.stop());

  /** The server's, for the same key and by the same authority; etcd reads it with every handshake. */
  async function issue(days: number): Promise<void> {
    const folder = dirname(etcd.tls!.ca);
    const file = (name: string): string => join(folder, name);
    const { path, env } = await findOrFetch('openssl');
    const args = [
      ...['x509', '-req', '-in', file('server.csr'), '-CA', file('ca.crt'), '-CAkey', file('ca.key')],
      ...['-CAcreateserial', '-days', String(days), '-extfile', file('server.ext')],
      ...['-out', file('server.crt')],
    ];
    await run(path, args, { env: withoutEtcd(env) });
  }

  it('that has a day left a page goes out, until a new one is in its place', async () => {
    await watch.looks(cluster, 2);
    expect(await watch.stories()).toEqual([]);
    await issue(1);
    await watch.look(cluster, HOUR_MS);
    expect(await watch.stories()).toEqual([
      {
        cluster: 'prod',
        cause: 'certificates',
        is: 'firing critical',
        signals: ['certificate-expiry critical'],
        events: ['opened'],
      },
    ]);
    const [incident] = await watch.incidents();
    expect(incident!.signals[0]!.summary).toMatch(
      /^The server certificate of \S+ expires on 20\d\d-\d\d-\d\d \d\d:\d\d UTC, in 22 h \d+ min$/,
    );
    await issue(30);
    await watch.look(cluster, HOUR_MS);
    await watch.look(cluster);
    expect(await watch.stories()).toMatchObject([
      {
        is: 'resolved critical',
        signals: ['certificate-expiry critical ended'],
        events: ['opened', 'resolved'],
      },
    ]);
  });
});
