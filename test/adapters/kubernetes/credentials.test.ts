import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTls, type LocalTls } from '../../../infra/local/tls.js';
import type { KubernetesSource } from '../../../src/adapters/kubernetes/kubeconfig.js';
import { failure, ms } from '../etcd/support.js';
import {
  accessTo,
  gathered,
  json,
  kubeconfigFor,
  refusal,
  sourceOf,
  startAnswering,
  type Answering,
} from './server.js';

let directory: string;
let tls: LocalTls;
let plain: Answering;
let secure: Answering;

const NODES = json({ metadata: {}, items: [] });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steward-kubernetes-'));
  tls = await makeTls(join(directory, 'tls'));
  [plain, secure] = [await startAnswering(), await startAnswering(tls.server)];
});
beforeEach(() => {
  for (const server of [plain, secure]) server.answer(() => NODES);
});
afterAll(async () => {
  await Promise.all([plain.stop(), secure.stop()]);
  await rm(directory, { recursive: true });
});

async function ask(source: KubernetesSource, times = 1): Promise<void> {
  const access = accessTo(source);
  try {
    for (let time = 0; time < times; time++) await gathered(access.reader('prod')!.nodes(ms));
  } finally {
    access.close();
  }
}

async function inFile(name: string, user: object, server = plain.url): Promise<KubernetesSource> {
  const path = join(directory, name);
  const content = kubeconfigFor(server, user);
  await writeFile(path, content);
  return { server, kubeconfig: { path, content }, context: null };
}

function tokens(server = plain): readonly (string | undefined)[] {
  return server.seen.map(({ headers }) => headers.authorization);
}

describe('credentials of a kubeconfig', () => {
  it('may be a user and a password', async () => {
    await ask(sourceOf(plain.url, { username: 'anna', password: 'pä55' }));
    expect(tokens()).toEqual([`Basic ${Buffer.from('anna:pä55').toString('base64')}`]);
  });

  it('may be a token in a file beside it, whose line end is not part of it', async () => {
    await writeFile(join(directory, 'token'), 'from-file\n');
    await ask(await inFile('by-file', { tokenFile: 'token' }));
    expect(tokens()).toEqual(['Bearer from-file']);
  });

  it('are read again from the kubeconfig when they are refused', async () => {
    const source = await inFile('rotated', { token: 'old' });
    await writeFile(join(directory, 'rotated'), kubeconfigFor(plain.url, { token: 'new' }));
    const before = {
      ...source,
      kubeconfig: { path: '/nowhere', content: kubeconfigFor(plain.url, { token: 'old' }) },
    };
    plain.answer(({ headers }) =>
      headers.authorization === 'Bearer new' ? NODES : refusal(401, 'Unauthorized'),
    );
    await ask(source);
    expect(await failure(ask(before))).toMatchObject({ code: 'auth' });
  });

  it('that expire while the program runs are replaced at the next question', async () => {
    const source = await inFile('expiring', { token: 'first' });
    let good = 'Bearer first';
    plain.answer(({ headers }) => (headers.authorization === good ? NODES : refusal(401, 'Unauthorized')));
    const access = accessTo(source);
    const reader = access.reader('prod')!;
    await gathered(reader.nodes(ms));
    good = 'Bearer second';
    await writeFile(join(directory, 'expiring'), kubeconfigFor(plain.url, { token: 'second' }));
    await gathered(reader.nodes(ms));
    expect(tokens()).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
    access.close();
  });

  it('may come from a plugin beside it, which is told what kubectl tells, and is asked once', async () => {
    const plugin = join(directory, 'plugin.sh');
    const credential =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"by-plugin"}}';
    await writeFile(
      plugin,
      `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO $1 $OWN" >> ${directory}/asked\necho '${credential}'\n`,
    );
    await chmod(plugin, 0o755);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './plugin.sh',
      args: ['get-token'],
      env: [{ name: 'OWN', value: 'mine' }],
    };
    await ask(await inFile('by-plugin', { exec }), 3);
    expect(tokens()).toEqual(Array.from({ length: 3 }, () => 'Bearer by-plugin'));
    const asked = (await readFile(join(directory, 'asked'), 'utf8')).trim().split('\n');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/"kind":"ExecCredential".*"interactive":false.* get-token mine$/);
  });

  it.each([
    ['a plugin that is not there', { exec: { command: './none.sh' } }, /can't be used: spawn .*ENOENT/],
    [
      'a plugin that fails',
      { exec: { command: 'sh', args: ['-c', 'echo no luck >&2; exit 1'] } },
      /can't be used: no luck\.$/,
    ],
    ['a token’s file that is not there', { tokenFile: 'none' }, /can't be used: ENOENT/],
    ['a certificate’s file that is not there', { 'client-certificate': 'none' }, /can't be used: ENOENT/],
  ])('fail by %s', async (_, user, message) => {
    const error = await failure(ask(await inFile('failing', user)));
    expect(error).toMatchObject({ code: 'auth', message: expect.stringMatching(message) });
    expect(plain.seen).toEqual([]);
  });

  it('that hang are not waited for beyond the deadline', async () => {
    const access = accessTo(await inFile('hanging', { exec: { command: 'sleep', args: ['1'] } }));
    const error = await failure(gathered(access.reader('prod')!.nodes(300)));
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    access.close();
  });
});

describe('a server over TLS', () => {
  const kubeconfig = (cluster: object, user: object) =>
    JSON.stringify({
      'current-context': 'x',
      clusters: [{ name: 'c', cluster: { server: secure.url, ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }, { name: 'broken' }],
    });

  it('is trusted by the kubeconfig’s authority, beside it in a file', async () => {
    const content = kubeconfig(
      { 'certificate-authority': 'tls/ca.crt' },
      { 'client-certificate': 'tls/root.crt', 'client-key': 'tls/root.key' },
    );
    const path = join(directory, 'secure');
    await ask({ server: secure.url, kubeconfig: { path, content }, context: 'x' });
    expect(secure.seen).toHaveLength(1);
  });

  it('of an unknown authority is not', async () => {
    const content = kubeconfig({}, { token: 'never-sent' });
    const source = { server: secure.url, kubeconfig: { path: '/nowhere', content }, context: null };
    const error = await failure(ask(source));
    expect(error).toMatchObject({ code: 'tls', retryable: false });
    expect(error.message).toMatch(/^No TLS connection to 127\.0\.0\.1:\d+: .*certificate/);
    expect(secure.seen).toEqual([]);
  });
});

describe('the service account of the bot’s own pod', () => {
  const env = process.env;

  afterAll(() => {
    delete env['KUBERNETES_SERVICE_HOST'];
    delete env['KUBERNETES_SERVICE_PORT'];
  });

  it('is used where the configuration says so, and its token is read again', async () => {
    const mount = join(directory, 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(mount, { recursive: true });
    await writeFile(join(mount, 'ca.crt'), await readFile(tls.server.ca));
    await writeFile(join(mount, 'token'), 'first');
    Object.assign(env, {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: new URL(secure.url).port,
    });
    const access = accessTo({ server: secure.url, kubeconfig: null, context: null, root: directory });
    const reader = access.reader('prod')!;
    await gathered(reader.nodes(ms));
    await writeFile(join(mount, 'token'), 'second');
    secure.answer(({ headers }) =>
      headers.authorization === 'Bearer second' ? NODES : refusal(401, 'Unauthorized'),
    );
    await gathered(reader.nodes(ms));
    expect(tokens(secure)).toEqual(['Bearer first', 'Bearer second']);
    access.close();
  });
});
