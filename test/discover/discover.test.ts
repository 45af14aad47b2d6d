import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover, type DiscoverFlags } from '../../src/discover.js';
import {
  json,
  kubeconfigFor,
  recorded,
  refusal,
  startAnswering,
  type Answering,
} from '../adapters/kubernetes/server.js';

let server: Answering;
let directory: string;
let kubeconfig: string;

beforeAll(async () => {
  server = await startAnswering();
  directory = mkdtempSync(join(tmpdir(), 'steward-discover-'));
  kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(server.url));
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

async function run(flags: DiscoverFlags): Promise<{ code: number; out: string; told: string }> {
  const [out, told]: [string[], string[]] = [[], []];
  const code = await discover(flags, {
    env: {},
    say: (text) => out.push(text),
    tell: (line) => told.push(line.replace(/127\.0\.0\.1:\d+/g, 'API').replaceAll(directory, 'HERE')),
  });
  return { code, out: out.join('\n'), told: told.join('\n') };
}

const NONE = json({ metadata: {}, items: [] });

describe('etcd-steward discover', () => {
  it('prints a proposal, and says beside it what it looked at', async () => {
    server.answer(({ query }) =>
      query['labelSelector'] === 'component=etcd' ? { body: recorded('pods-etcd.json') } : NONE,
    );
    const { code, out, told } = await run({ kubeconfig });
    expect(code).toBe(0);
    expect(out).toContain('  - name: here\n    endpoints: [https://10.0.0.1:2379]\n');
    expect(out).toContain(`kubernetes: { kubeconfig: ${kubeconfig}, context: here }`);
    expect(told).toBe(`Looking for etcd at API:
  static pods of kubeadm (component=etcd in kube-system): 1
  Calico’s own etcd (k8s-app=calico-etcd): none
  OpenShift’s etcd (app=etcd in openshift-etcd): none
  pods with the annotation etcd-steward.io/cluster: none`);
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('says plainly that nothing was found', async () => {
    server.answer(() => NONE);
    const { code, out, told } = await run({ kubeconfig, context: 'here' });
    expect([code, out]).toEqual([1, '']);
    expect(told).toContain('No etcd was found there. Write the configuration by hand');
  });

  it.each([
    ['/api/v1/pods', 'No etcd was found in what could be looked at there.'],
    ['', 'Nothing could be looked at there.'],
  ])('says how little it could look at where it may not see %j', async (denied, words) => {
    server.answer(({ path }) => (denied === '' || path === denied ? refusal(403, 'Forbidden') : NONE));
    const { code, told } = await run({ kubeconfig });
    expect(code).toBe(1);
    expect(told).toContain(words);
  });

  it('goes on with what it may see', async () => {
    server.answer(({ path }) =>
      path === '/api/v1/pods' ? refusal(403, 'Forbidden') : { body: recorded('pods-etcd.json') },
    );
    const { code, told } = await run({ kubeconfig });
    expect(code).toBe(0);
    expect(told).toContain('(k8s-app=calico-etcd): not known. Our role may not list pods at API');
  });

  it.each<[DiscoverFlags, string]>([
    [{}, 'Give --kubeconfig FILE, or --in-cluster.'],
    [{ kubeconfig: '/nowhere' }, '/nowhere does not exist.'],
    [{ inCluster: true }, 'There is no --in-cluster here: this process runs in no Kubernetes'],
    [{ inCluster: true, context: 'x' }, 'Give either --in-cluster, or --kubeconfig and --context.'],
  ])('refuses %j: %s', async (flags, words) => {
    const { code, out, told } = await run(flags);
    expect([code, out]).toEqual([1, '']);
    expect(told).toContain(words);
  });

  it('refuses a context that is not there', async () => {
    expect((await run({ kubeconfig, context: 'her' })).told).toBe(
      'HERE/kubeconfig has no such context; did you mean `here`?',
    );
  });
});
