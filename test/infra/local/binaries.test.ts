import { describe, expect, it } from '@jest/globals';
import { ensureBinaries, findOrFetch, type BinaryName } from '../../../infra/local/binaries.js';

const VERSIONS: [BinaryName, RegExp][] = [
  ['etcd-3.3', /^3\.3\./],
  ['etcd-3.4', /^3\.4\./],
  ['etcd-3.5', /^3\.5\./],
  ['redis', /^(6\.[2-9]|[7-9]\.)/],
];

async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

describe('the real servers', () => {
  it.each(VERSIONS)('%s is found, in the version asked for', async (name, version) => {
    expect((await findOrFetch(name)).version).toMatch(version);
  });

  it('come with an etcdctl of their own', async () => {
    const binaries = await ensureBinaries(['etcd-3.3', 'etcd-3.4', 'etcd-3.5']);
    const paths = [...binaries.values()].map(({ etcdctl }) => etcdctl);
    expect(paths).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  });

  it('are refused when a variable names another version, and the error names the variable', async () => {
    const { path } = await findOrFetch('etcd-3.5');
    const wrong = withVariable('ETCD_3_4_BIN', path, () => findOrFetch('etcd-3.4'));
    await expect(wrong).rejects.toThrow(`ETCD_3_4_BIN=${path} is not a working etcd 3.4`);
  });

  it('are taken from ETCD_BIN only for the version that it is', async () => {
    const { path } = await findOrFetch('etcd-3.5');
    const [older, newer] = await withVariable('ETCD_BIN', path, () =>
      withVariable('ETCD_3_5_BIN', '', () => Promise.all([findOrFetch('etcd-3.4'), findOrFetch('etcd-3.5')])),
    );
    expect(older.version).toMatch(/^3\.4\./);
    expect(newer.path).toBe(path);
  });
});
