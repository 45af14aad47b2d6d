import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import {
  CALICO_RIGHTS,
  EXECUTOR_RIGHTS,
  READER_RIGHTS,
  TO_READ_METRICS,
} from '../../src/adapters/kubernetes/resources.js';
import type { PathAccess, ResourceAccess } from '../../src/domain/kubernetes/ports.js';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Role extends Named {
  readonly rules: readonly Rule[];
}

interface Binding extends Named {
  readonly roleRef: { readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}

interface Deployment extends Named {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly automountServiceAccountToken: boolean;
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string }[];
        }[];
        readonly volumes: readonly { readonly secret?: { readonly secretName: string } }[];
      };
    };
  };
}

function read(file: string, kind: string): readonly Named[] {
  const text = readFileSync(new URL(`../../infra/kubernetes/${file}`, import.meta.url), 'utf8');
  const documents = parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Named;
  });
  return documents.filter((document) => document.kind === kind);
}

function granted(file: string): readonly string[] {
  return (read(file, 'ClusterRole') as readonly Role[])
    .flatMap(({ rules }) => rules)
    .flatMap(({ apiGroups = [], resources = [], nonResourceURLs = [], verbs }) =>
      verbs.flatMap((verb) => [
        ...apiGroups.flatMap((group) => resources.map((resource) => `${verb} ${resource} in "${group}"`)),
        ...nonResourceURLs.map((path) => `${verb} ${path}`),
      ]),
    )
    .sort();
}

function needed(rights: readonly (ResourceAccess | PathAccess)[]): readonly string[] {
  const text = (right: ResourceAccess | PathAccess): string =>
    'path' in right
      ? `${right.verb} ${right.path}`
      : `${right.verb} ${right.resource}${right.subresource ? `/${right.subresource}` : ''} in "${right.group}"`;
  return rights.map(text).sort();
}

describe('the roles for a watched Kubernetes', () => {
  it('let a reader do exactly what the program does', () => {
    expect(granted('reader.yaml')).toEqual(needed([...READER_RIGHTS, ...CALICO_RIGHTS, TO_READ_METRICS]));
  });

  it('let the executor do exactly one thing more', () => {
    expect(granted('executor.yaml')).toEqual(needed(EXECUTOR_RIGHTS));
  });

  it('only read, but for that', () => {
    expect(granted('reader.yaml').every((right) => /^(get|list|watch) /.test(right))).toBe(true);
    expect(granted('executor.yaml')).toEqual(['create pods/eviction in ""']);
  });

  it('are bound to the accounts that are meant', () => {
    const bound = ['reader.yaml', 'executor.yaml'].flatMap((file) =>
      (read(file, 'ClusterRoleBinding') as readonly Binding[]).flatMap(({ roleRef, subjects }) =>
        subjects.map(({ name }) => `${name}: ${roleRef.name}`),
      ),
    );
    expect(bound).toEqual([
      'etcd-steward-reader: etcd-steward-reader',
      'etcd-steward-executor: etcd-steward-executor',
      'etcd-steward-executor: etcd-steward-reader',
    ]);
  });
});

describe('the Deployments', () => {
  const deployments = read('deployments.yaml', 'Deployment') as readonly Deployment[];
  const by = (role: string) =>
    deployments.find(({ metadata }) => metadata.name === `etcd-steward-${role}`)!.spec;

  it('are one for each role', () => {
    const roles = deployments.map(({ spec }) => spec.template.spec.containers[0]!.args.at(-1));
    expect(roles).toEqual(['bot', 'reader', 'monitor', 'executor']);
  });

  it.each([
    ['bot', undefined, false, [], ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'STEWARD_KEY', 'REDIS_URL']],
    ['reader', 'etcd-steward-reader', true, ['etcd-steward-reader'], ['STEWARD_KEY', 'REDIS_URL']],
    ['monitor', 'etcd-steward-reader', true, ['etcd-steward-reader'], ['STEWARD_KEY', 'REDIS_URL']],
    [
      'executor',
      'etcd-steward-executor',
      true,
      ['etcd-steward-reader', 'etcd-steward-operator'],
      ['STEWARD_KEY', 'REDIS_URL'],
    ],
  ])('give the %s no more than it needs', (role, account, token, secrets, env) => {
    const { spec } = by(role).template;
    expect(spec.serviceAccountName).toBe(account);
    expect(spec.automountServiceAccountToken).toBe(token);
    expect(spec.volumes.flatMap(({ secret }) => secret?.secretName ?? [])).toEqual(secrets);
    expect(spec.containers[0]!.env.map(({ name }) => name)).toEqual(env);
  });
});
