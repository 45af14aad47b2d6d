import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { makeAccess } from '../../src/adapters/etcd/access.js';
import type { Connection, Role } from '../../src/config/config.js';
import { KEY, makeSandbox, type Sandbox, TOKENS, withCluster } from './sandbox.js';

let sandbox: Sandbox;

const ENV = { ...TOKENS, STEWARD_KEY: KEY };

beforeAll(() => {
  sandbox = makeSandbox();
  const pem = (kind: string, content: string) =>
    `-----BEGIN ${kind}-----\n${content}\n-----END ${kind}-----\n`;
  sandbox.write('operator.pem', pem('CERTIFICATE', 'operator’s certificate'));
  sandbox.write('operator-key.pem', pem('PRIVATE KEY', 'operator’s key'));
  sandbox.write('other-ca.pem', pem('CERTIFICATE', 'other authority'));
  sandbox.write('operator-password', '0perate\n');
});
afterAll(() => {
  sandbox.remove();
});

type Keys = Readonly<Record<string, unknown>>;

const READER = {
  endpoints: ['https://a:2379'],
  tls: { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' },
  auth: { username: 'reader', passwordFile: 'password' },
};
const TLS = { cert: 'operator.pem', key: 'operator-key.pem' };
const AUTH = { username: 'operator', passwordFile: 'operator-password' };

function operating(operate: Keys, reader: Keys = READER): Keys {
  return withCluster({ ...reader, operate });
}

function connect(config: Keys, role: Role = 'executor'): Connection {
  return sandbox.load(config, ENV, role).clusters[0]!.connection;
}

describe('the operating identity', () => {
  it('is the reader’s where nothing else is said', () => {
    for (const config of [withCluster(READER), operating({})]) {
      expect(Object.keys(connect(config)).sort()).toEqual(['auth', 'tls']);
    }
  });

  it('may have its own certificate and password, and trusts the same authority', () => {
    const { tls, auth, operateTls, operateAuth } = connect(operating({ tls: TLS, auth: AUTH }));
    expect(tls?.cert).toContain('content of cert');
    expect(auth).toEqual({ username: 'reader', password: 'pa55word' });
    expect(operateTls).toEqual({
      ca: tls?.ca,
      cert: expect.stringContaining('operator’s certificate'),
      key: expect.stringContaining('operator’s key'),
    });
    expect(operateAuth).toEqual({ username: 'operator', password: '0perate' });
  });

  it('may trust another authority', () => {
    const { operateTls } = connect(operating({ tls: { ...TLS, ca: 'other-ca.pem' } }));
    expect(operateTls?.ca).toContain('other authority');
  });

  it.each([
    ['auth', { auth: AUTH }, ['auth', 'operateAuth', 'tls']],
    ['tls', { tls: TLS }, ['auth', 'operateTls', 'tls']],
  ])('may differ in %s alone', (_, operate, keys) => {
    expect(Object.keys(connect(operating(operate))).sort()).toEqual(keys);
  });

  it('needs none of the reader’s', () => {
    const { tls, auth, operateTls } = connect(operating({ tls: TLS }, { endpoints: ['https://a:2379'] }));
    expect([tls, auth]).toEqual([undefined, undefined]);
    expect(Object.keys(operateTls ?? {})).toEqual(['cert', 'key']);
  });

  it.each<[Role, boolean]>([
    ['all', true],
    ['executor', true],
    ['reader', false],
    ['monitor', false],
    ['bot', false],
  ])('is held in the role %s: %s', (role, held) => {
    const shown = connect(operating({ tls: TLS, auth: AUTH }), role);
    expect('operateTls' in shown && 'operateAuth' in shown).toBe(held);
  });

  it('needs no file in roles that make no changes', () => {
    const config = operating({
      tls: { ca: '/nowhere', cert: '/nowhere', key: '/nowhere' },
      auth: { username: 'operator', passwordFile: '/nowhere' },
    });
    expect(sandbox.problems(config, ENV, 'reader')).toEqual([]);
    expect(sandbox.problems(config, ENV, 'executor')).toHaveLength(4);
  });

  it('is never shown', () => {
    const config = sandbox.load(operating({ tls: TLS, auth: AUTH }), ENV, 'executor');
    const { operateTls, operateAuth } = config.clusters[0]!.connection;
    for (const one of [config, { operateTls, operateAuth }]) {
      const shown = `${JSON.stringify(one)} ${inspect(one, { depth: 20 })}`;
      expect(shown).toContain('[secret]');
      expect(shown).not.toContain('0perate');
      expect(shown).not.toContain('operator’s');
    }
  });

  it('is what etcdctl is called with by hand', () => {
    const at = (name: string) => join(sandbox.directory, name);
    const flags = (operate: Keys) => sandbox.load(operating(operate)).clusters[0]!.cluster.etcdctlFlags;
    expect(flags({ tls: TLS, auth: AUTH })).toEqual([
      `--cacert=${at('ca.pem')}`,
      `--cert=${at('operator.pem')}`,
      `--key=${at('operator-key.pem')}`,
      '--user=operator',
    ]);
    expect(flags({ auth: AUTH })).toContain(`--cert=${at('cert.pem')}`);
    expect(flags({ tls: TLS })).toContain('--user=reader');
  });

  it('is taken by what reaches etcd', () => {
    const { cluster, connection } = sandbox.load(operating({ auth: AUTH }), ENV, 'executor').clusters[0]!;
    const access = makeAccess({ connections: () => connection, canOperate: true });
    expect(access.operator(cluster).members).toHaveLength(1);
    access.close();
  });
});

const WRONG: [unknown, string][] = [
  [
    operating({ tls: { cert: 'operator.pem' } }),
    'clusters[0].operate.tls.key: is missing; cert and key belong together',
  ],
  [
    operating({ tls: { key: 'operator-key.pem' } }),
    'clusters[0].operate.tls.cert: is missing; cert and key belong',
  ],
  [
    operating({ tls: { cert: 'operator.pem', key: 'operator.pem' } }),
    'operator.pem holds no PEM block "BEGIN PRIVATE KEY"; give a file that this process can read',
  ],
  [operating({ auth: { username: 'o', passwordFile: 'none' } }), 'clusters[0].operate.auth.passwordFile: /'],
  [operating({ auth: { username: 'o' } }), 'clusters[0].operate.auth.passwordFile: is missing'],
  [
    operating({ tls: TLS }, {}),
    'clusters[0].operate.tls: is given, but endpoints begin with http://; write https://, or take tls out',
  ],
  [
    operating({ user: 'o' }),
    'clusters[0].operate.user: is not a known key; known here: tls, auth, kubernetes',
  ],
  [
    operating({ auth: { ...AUTH, password: 'hush' } }),
    'clusters[0].operate.auth.password: is not a known key',
  ],
];

describe('a mistake in the operating identity', () => {
  it.each(WRONG.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    const found = sandbox.problems(config);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('hush');
  });
});

describe('changes', () => {
  it.each([
    ['on', true],
    ['off', false],
    ['true', true],
    ['false', false],
    ['"on"', true],
    ['"off"', false],
  ])('%s is %s', (written, changes) => {
    const yaml = `stateDirectory: state
policy: { approvers: { groups: [S1] } }
clusters: [{ name: a, endpoints: ['http://a:2379'], channels: [C1], changes: ${written} }]`;
    expect(sandbox.load(yaml).clusters[0]?.cluster.changes).toBe(changes);
    expect(sandbox.load(`%YAML 1.1\n---\n${yaml}`).clusters[0]?.cluster.changes).toBe(changes);
  });
});
