import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Connection, Environment, Role } from '../../src/config/config.js';
import { KEY, KUBECONFIG, makeSandbox, type Sandbox, TOKENS, withCluster } from './sandbox.js';

let sandbox: Sandbox;

const ENV = { ...TOKENS, STEWARD_KEY: KEY };
const INSIDE = { ...ENV, KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

beforeAll(() => {
  sandbox = makeSandbox();
  sandbox.write('kubeconfig', KUBECONFIG);
  sandbox.write('operator', KUBECONFIG.replace('t0ken', '0perator'));
  sandbox.write('plain', KUBECONFIG.replaceAll('https://', 'http://'));
  sandbox.write('no-current', KUBECONFIG.replace('current-context: prod', ''));
  sandbox.write('no-user', KUBECONFIG.replace('- name: steward', '- name: nobody'));
  sandbox.write('no-server', KUBECONFIG.replace(/server: .*/g, 'server: ""'));
  sandbox.write('broken', 'contexts: [');
});
afterAll(() => {
  sandbox.remove();
});

type Keys = Readonly<Record<string, unknown>>;

const READER: Keys = { kubeconfig: 'kubeconfig' };

function configured(kubernetes: Keys, more: Keys = {}): Keys {
  return withCluster({ kubernetes, ...more });
}

function connect(config: Keys, role: Role = 'executor', env: Environment = ENV): Connection {
  return sandbox.load(config, env, role).clusters[0]!.connection;
}

describe('a cluster’s Kubernetes', () => {
  it('is none, and its etcd is not Calico’s, where nothing is said', () => {
    const { cluster, connection } = sandbox.load(withCluster({}), ENV).clusters[0]!;
    expect(cluster).toMatchObject({ kubernetes: null, calico: false });
    expect(connection).toEqual({});
  });

  it('is what a kubeconfig beside the configuration names, by its current context', () => {
    const { kubernetes } = connect(configured(READER));
    const path = join(sandbox.directory, 'kubeconfig');
    expect(kubernetes).toEqual({
      server: 'https://10.0.0.9:6443',
      kubeconfig: { path, content: KUBECONFIG },
      context: null,
    });
  });

  it('is what another context names', () => {
    expect(connect(configured({ ...READER, context: 'staging' })).kubernetes).toMatchObject({
      server: 'https://10.0.1.9:6443',
      context: 'staging',
    });
  });

  it.each([
    ['10.96.0.1', 'https://10.96.0.1:443'],
    ['fd00::1', 'https://[fd00::1]:443'],
  ])('is the one that the bot runs in, at %s', (host, server) => {
    const env = { ...INSIDE, KUBERNETES_SERVICE_HOST: host };
    expect(connect(configured({ inCluster: true }), 'reader', env).kubernetes).toEqual({
      server,
      kubeconfig: null,
      context: null,
    });
  });

  it('is what kubectl is called with by hand, as who makes changes', () => {
    const settings = (config: Keys) => sandbox.load(config, INSIDE).clusters[0]!.cluster.kubernetes;
    const at = (name: string) => join(sandbox.directory, name);
    const operate = { kubernetes: { kubeconfig: 'operator', context: 'prod' } };
    expect(settings(configured(READER))).toEqual({
      kubeconfig: at('kubeconfig'),
      context: null,
      patienceMs: 180_000,
    });
    expect(settings(configured(READER, { operate }))).toEqual({
      kubeconfig: at('operator'),
      context: 'prod',
      patienceMs: 180_000,
    });
    expect(settings(configured({ inCluster: true }))).toEqual({
      kubeconfig: null,
      context: null,
      patienceMs: 180_000,
    });
  });

  it.each<[Role, string[]]>([
    ['all', ['kubernetes', 'operateKubernetes']],
    ['executor', ['kubernetes', 'operateKubernetes']],
    ['reader', ['kubernetes']],
    ['monitor', ['kubernetes']],
    ['bot', []],
  ])('is reached by the role %s as %j', (role, keys) => {
    const operate = { kubernetes: { kubeconfig: 'operator' } };
    expect(Object.keys(connect(configured(READER, { operate }), role)).sort()).toEqual(keys);
  });

  it('needs no file in the role bot, nor the executor’s in those that only read', () => {
    const config = configured(
      { kubeconfig: '/nowhere' },
      { operate: { kubernetes: { kubeconfig: '/nor' } } },
    );
    const problems = (role: Role) => sandbox.problems(config, ENV, role).length;
    expect([problems('bot'), problems('reader'), problems('executor')]).toEqual([0, 1, 2]);
    expect(sandbox.load(config, ENV, 'bot').clusters[0]!.cluster.kubernetes).toMatchObject({
      kubeconfig: '/nor',
    });
  });

  it('shows no credential', () => {
    const config = sandbox.load(configured(READER), ENV);
    const shown = `${JSON.stringify(config)} ${inspect(config.clusters[0]!.connection.kubernetes)}`;
    expect(shown).not.toContain('t0ken');
    expect(shown).toContain('[secret]');
  });
});

const WRONG: [unknown, string][] = [
  [configured({}), 'clusters[0].kubernetes: says no way in; give `kubeconfig`, or `inCluster: true`'],
  [configured({ inCluster: false }), 'clusters[0].kubernetes: says no way in'],
  [
    configured({ ...READER, inCluster: true }),
    'clusters[0].kubernetes: has both `kubeconfig` and `inCluster`',
  ],
  [configured({ inCluster: true, context: 'a' }), 'clusters[0].kubernetes.context: goes with `kubeconfig`'],
  [configured({ inCluster: true }), 'kubernetes.inCluster: is true, but this process runs in no Kubernetes'],
  [configured({ inCluster: 'yes' }), 'clusters[0].kubernetes.inCluster: must be true or false, not text'],
  [configured({ kubeConfig: 'x' }), 'kubernetes.kubeConfig: is not a known key; did you mean `kubeconfig`?'],
  [configured({ kubeconfig: 'none' }), 'none does not exist; give a file that this process can read'],
  [configured({ kubeconfig: 'folder' }), 'folder is a directory, not a file'],
  [configured({ kubeconfig: 'password' }), 'password is no kubeconfig'],
  [configured({ kubeconfig: 'broken' }), 'broken is no kubeconfig'],
  [configured({ ...READER, context: 'prd' }), 'kubeconfig has no such context; did you mean `prod`?'],
  [configured({ ...READER, context: 'else' }), 'has no such context; it has: prod, staging'],
  [configured({ kubeconfig: 'no-current' }), 'no-current has no current context; name one of its own'],
  [configured({ kubeconfig: 'no-user' }), 'no-user has no user as its context `prod` names it'],
  [configured({ kubeconfig: 'no-server' }), 'no-server names no server for its context `prod`'],
  [configured({ kubeconfig: 'plain' }), 'plain names a server that is not https://'],
  [
    withCluster({ operate: { kubernetes: READER } }),
    'clusters[0].operate.kubernetes: is given, but this cluster has no `kubernetes`',
  ],
  [configured(READER, { operate: { kubernetes: {} } }), 'clusters[0].operate.kubernetes: says no way in'],
  [withCluster({ calico: 'yes' }), 'clusters[0].calico: must be true or false, not text'],
];

describe('a mistake in it', () => {
  it.each(WRONG.map(([config, message]) => ({ config, message })))('$message', ({ config, message }) => {
    const found = sandbox.problems(config);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('t0ken');
  });
});
