import { createHash } from 'node:crypto';
import { mkdtemp, rm, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEtcd, type LocalEtcd } from '../../../infra/local/etcd.js';
import { makeTls, type TlsFiles } from '../../../infra/local/tls.js';
import { makeMember, type Connection } from '../../../src/adapters/etcd/member.js';
import { collect, connect, connectTo, enableAuth, failure, ms, plain, root, versions } from './support.js';

async function contents({ ca, cert, key }: TlsFiles) {
  const [caText, certText, keyText] = await Promise.all(
    [ca, cert, key].map((file) => readFile(file, 'utf8')),
  );
  return { ca: caText!, cert: certText!, key: keyText! };
}

describe.each(versions)('TLS with etcd %s', (version) => {
  let etcd: LocalEtcd;
  let folder: string;
  let ours: Awaited<ReturnType<typeof contents>>;
  let theirs: Awaited<ReturnType<typeof contents>>;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 1, tls: true });
    folder = await mkdtemp(join(tmpdir(), 'etcd-steward-tls-'));
    ours = await contents(etcd.tls!);
    theirs = await contents((await makeTls(folder)).client);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await etcd.stop();
  });

  async function tried(connection: Connection, endpoint = etcd.endpoints[0]!) {
    const member = makeMember(endpoint, connection);
    try {
      return { status: await failure(member.status(ms)), metrics: await failure(member.metrics(ms)) };
    } finally {
      member.close();
    }
  }

  it('answers to a known certificate, with metrics from the client URL', async () => {
    const member = makeMember(etcd.endpoints[0]!, { tls: ours });
    expect((await member.status(ms)).version).toBe(etcd.version);
    expect((await member.metrics(ms)).sizeBytes).toBeGreaterThan(0);
    expect((await collect(member.snapshot(ms))).length % 512).toBe(32);
    member.close();
  });

  it('shows how long its certificate lasts, and ours, also to those who do not trust it', async () => {
    const month = 30 * 86_400_000;
    const member = makeMember(etcd.endpoints[0]!, { tls: { ...ours, ca: theirs.ca } });
    const found = await member.certificates(ms);
    expect(found.map(({ of, subject }) => [of, subject])).toEqual([
      ['server', 'server'],
      ['client', 'root'],
    ]);
    for (const { notAfter } of found) expect(Math.abs(notAfter - Date.now() - month)).toBeLessThan(3_600_000);
    const plain = makeMember(etcd.endpoints[0]!.replace('https:', 'http:'), {});
    expect(await plain.certificates(ms)).toEqual([]);
    const noTls = makeMember(etcd.members[0]!.metricsUrl.replace('http:', 'https:'), { tls: ours });
    expect(await failure(noTls.certificates(ms))).toMatchObject({ code: 'tls', retryable: false });
    for (const one of [member, plain, noTls]) one.close();
  });

  it('shows none before the deadline where it hangs', async () => {
    const member = makeMember(etcd.endpoints[0]!, { tls: ours });
    etcd.members[0]!.pause();
    const error = await failure(member.certificates(300));
    etcd.members[0]!.resume();
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
    member.close();
  });

  it.each([
    ['another authority', () => ({ ...ours, ca: theirs.ca })],
    ['no client certificate', () => ({ ca: ours.ca })],
    ["another authority's client certificate", () => ({ ...theirs, ca: ours.ca })],
    ['nothing at all', () => undefined],
    ['a key that does not fit', () => ({ ...ours, key: theirs.key })],
    ['files that hold no certificate', () => ({ ca: 'x', cert: 'y', key: 'z' })],
  ])('fails as tls with %s', async (_what, tls) => {
    const { status, metrics } = await tried({ tls: tls() });
    expect(status).toMatchObject({ code: 'tls', target: etcd.endpoints[0], retryable: false });
    expect(metrics.code).toBe('tls');
    expect(status.message).not.toMatch(/openssl|Resolution note|Last error|PRIVATE/);
  });

  it('fails as tls where one side speaks TLS and the other does not', async () => {
    const plaintext = await tried({}, etcd.endpoints[0]!.replace('https:', 'http:'));
    expect(plaintext.status.code).toBe('tls');
    const toPlaintext = await tried({ tls: ours }, etcd.members[0]!.metricsUrl.replace('http:', 'https:'));
    expect(toPlaintext.status).toMatchObject({
      code: 'tls',
      message: expect.stringContaining('wrong version'),
    });
  });
});

describe.each(versions)('users of etcd %s', (version) => {
  let etcd: LocalEtcd;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 1 });
    const unlocked = connectTo(etcd.members[0]!, { auth: root });
    // A user that is configured before the cluster asks for one does no harm.
    expect(await unlocked.countKeys(ms)).toBe(0);
    unlocked.close();
    await enableAuth(etcd);
  });

  afterAll(() => etcd.stop());

  it('may do what their role allows', async () => {
    const [member] = connect(etcd, { auth: root });
    await member!.writeProbe(ms);
    await member!.defragment(ms);
    await member!.compact((await member!.status(ms)).revision, ms);
    member!.close();
  });

  it('are refused with a wrong password, which no message shows', async () => {
    const [member] = connect(etcd, { auth: { username: 'root', password: 'not-this-one' } });
    const error = await failure(member!.countKeys(ms));
    expect(error).toMatchObject({ code: 'auth', retryable: false });
    expect(error.message).not.toContain('not-this-one');
    member!.close();
  });

  it('are refused without a name', async () => {
    const [member] = connect(etcd);
    expect(await failure(member!.countKeys(ms))).toMatchObject({ code: 'auth' });
    expect(await failure(member!.defragment(ms))).toMatchObject({ code: 'auth' });
    member!.close();
  });

  it('without a role may neither defragment, nor count, write or back up', async () => {
    const [member] = connect(etcd, { auth: plain });
    expect(await failure(member!.defragment(ms))).toMatchObject({ code: 'denied', retryable: false });
    expect(await failure(member!.countKeys(ms))).toMatchObject({ code: 'denied' });
    expect(await failure(member!.writeProbe(ms))).toMatchObject({ code: 'denied' });
    expect(await failure(collect(member!.snapshot(ms)))).toMatchObject({ code: 'denied' });
    member!.close();
  });

  it('stream a whole database', async () => {
    const [member] = connect(etcd, { auth: root });
    const content = await collect(member!.snapshot(ms));
    const sum = createHash('sha256').update(content.subarray(0, -32)).digest();
    expect(sum).toEqual(content.subarray(-32));
    member!.close();
  });

  it('read on with a new token when the old one was revoked, while an act is sent once', async () => {
    const other = { username: 'other', password: 'same' };
    const rooted = ['--user', 'root:root-password'];
    const create = async () => {
      await etcd.etcdctl(...rooted, 'user', 'add', 'other:same');
      await etcd.etcdctl(...rooted, 'user', 'grant-role', 'other', 'root');
    };
    // With the user go the tokens.
    const recreate = async () => {
      await etcd.etcdctl(...rooted, 'user', 'delete', 'other');
      await create();
    };
    await create();
    const [member] = connect(etcd, { auth: other });
    await member!.countKeys(ms);
    await recreate();
    expect(await member!.countKeys(ms)).toBe(0);
    await recreate();
    expect(await failure(member!.defragment(ms))).toMatchObject({ code: 'auth', retryable: false });
    await member!.defragment(ms);
    member!.close();
  });
});

describe.each(versions)('a new user of etcd %s without a majority', (version) => {
  let etcd: LocalEtcd;

  beforeAll(async () => {
    etcd = await startEtcd({ version, members: 3 });
    await enableAuth(etcd);
    await Promise.all([etcd.members[1]!.kill(), etcd.members[2]!.kill()]);
  });

  afterAll(() => etcd.stop());

  it('still reads what this version tells to everybody', async () => {
    const [member] = connect(etcd, { auth: root });
    expect((await member!.status(2_000)).version).toBe(etcd.version);
    expect(await member!.memberList(2_000)).toHaveLength(3);
    expect(await failure(member!.countKeys(2_000))).toMatchObject({ code: 'timeout' });
    member!.close();
  });
});
