import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { startEtcd, type EtcdOptions, type LocalEtcd } from '../../../infra/local/etcd.js';
import { until } from '../../../infra/local/until.js';

let running: LocalEtcd[] = [];

async function start(options: EtcdOptions): Promise<LocalEtcd> {
  const etcd = await startEtcd(options);
  running.push(etcd);
  return etcd;
}

afterEach(async () => {
  await Promise.all(running.map((etcd) => etcd.stop()));
  running = [];
});

describe('a local etcd cluster', () => {
  it.each([
    ['3.3', 1],
    ['3.4', 3],
    ['3.5', 3],
  ] as const)('of version %s with %i members starts and answers', async (version, members) => {
    const etcd = await start({ version, members });
    await etcd.etcdctl('put', 'greeting', 'hello');
    expect(await etcd.etcdctl('get', 'greeting', '--print-value-only')).toBe('hello\n');
    const status = JSON.parse(await etcd.etcdctl('endpoint', 'status', '-w', 'json')) as unknown[];
    expect(status).toHaveLength(members);
  });

  it('has the names, the quota and the flags that it was given', async () => {
    const flags = ['--max-request-bytes', '2097152'];
    const etcd = await start({ version: '3.5', members: 1, name: 'calico', quotaBytes: 16 << 20, flags });
    const metrics = await (await fetch(etcd.members[0]!.metricsUrl)).text();
    expect(etcd.members[0]!.name).toBe('calico1');
    expect(metrics).toContain('etcd_server_quota_backend_bytes 1.6777216e+07');
  });

  it('asks clients for a certificate when it has TLS', async () => {
    const etcd = await start({ version: '3.4', members: 1, tls: true });
    expect(etcd.endpoints[0]).toMatch(/^https:/);
    expect(await etcd.etcdctl('put', 'greeting', 'hello')).toBe('OK\n');
    await expect(fetch(`${etcd.endpoints[0]}/health`)).rejects.toThrow('fetch failed');
  });

  it('goes on while one member is paused, and that member catches up', async () => {
    const etcd = await start({ version: '3.5', members: 3 });
    const [first, second] = etcd.members;
    first!.pause();
    const others = `--endpoints=${etcd.endpoints.slice(1).join(',')}`;
    await until(() => etcd.etcdctl(others, 'put', 'while', 'paused'), {
      what: 'the other two accept a write',
    });
    first!.resume();
    const caughtUp = () =>
      etcd.etcdctl(`--endpoints=${first!.clientUrl}`, 'get', 'while', '--print-value-only');
    expect(await until(caughtUp, { what: 'the paused member answers' })).toBe('paused\n');
    expect(second!.pid).toBeGreaterThan(0);
  });

  it('keeps the data of a member that was killed and started again', async () => {
    const etcd = await start({ version: '3.4', members: 1 });
    const [member] = etcd.members;
    await etcd.etcdctl('put', 'kept', 'yes');
    await member!.kill();
    expect(member!.pid).toBeUndefined();
    await member!.start();
    expect(await etcd.etcdctl('get', 'kept', '--print-value-only')).toBe('yes\n');
  });

  it('leaves no data behind when it is stopped', async () => {
    const etcd = await startEtcd({ version: '3.5', members: 1 });
    await etcd.stop();
    expect(existsSync(etcd.members[0]!.dataDir)).toBe(false);
  });

  it('shows the end of the log when a member cannot start', async () => {
    const failing = startEtcd({ version: '3.5', members: 1, flags: ['--election-timeout', '50'] });
    await expect(failing).rejects.toThrow(/ended at its start:[^]*election-timeout/);
  });
});
