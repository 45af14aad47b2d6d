import { describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEtcd } from '../../infra/local/etcd.js';
import { makeTls } from '../../infra/local/tls.js';
import type { Settings } from './configuration.js';
import { CLUSTER } from './configuration.js';
import { aScene, type StartedParts } from './scene.js';
import { ask, headerOf, refused, textOf } from './talk.js';
import { inRedis } from './truth.js';

const NOBODY = 'http://127.0.0.1:9';
const WRONG_PASSWORD = 'opensesame';
const ANOTHER_CLUSTER = /another (etcd )?cluster|cluster id/i;

describe('What people may type', () => {
  const scene = aScene({
    etcd: { members: 1 },
    others: (parts) => [{ ...entry('kube-prod', parts), endpoints: [NOBODY] }],
  });

  it.each([
    ['an unknown verb', 'statsu', ['There is no command “statsu”.', 'Did you mean `/etcd status`?']],
    ['no verb at all', 'please help me', ['There is no command “please”.', '/etcd help']],
    ['no cluster where there are two', 'status', ['Which cluster?', '`calico-prod` (calico)', '`kube-prod`']],
    [
      'an unknown cluster',
      'status calico-prd',
      ['no cluster “calico-prd”', 'Did you mean `calico-prod`?', '`kube-prod`'],
    ],
    ['an unknown option', 'diagnose calico --prob', ['no option “--prob”', 'Did you mean `--probe`?']],
    ['an option without its value', 'fix calico --reason', ['`--reason` needs a value']],
    ['too many words', 'status calico and kube', ['what to do with', '/etcd status [cluster]']],
    ['a dash that a phone made long', 'diagnose calico —prob', ['no option “--prob”']],
  ])('%s is answered with what would be right', async (_what, text, says) => {
    const said = await refused(scene, { text });
    for (const words of says) expect(said).toContain(words);
  });

  it('mentions and backticks are never echoed as such', async () => {
    const said = await refused(scene, { text: 'status `<!channel>` ' });
    expect(said).not.toContain('<!channel>');
    expect(said).toContain('There is no cluster');
    const verb = await refused(scene, { text: '<!here> <@U0ANNA> @everyone `x`' });
    expect(verb).not.toMatch(/<!here>|<@U0ANNA>|@everyone/);
  });

  it('a cluster of another channel is refused, with the channel to ask in', async () => {
    const said = await refused(scene, { text: 'status calico', channel: 'elsewhere' });
    expect(said).toContain(`${CLUSTER} is not handled in this channel.`);
    expect(said).toContain(`<#${scene.slack.channels['platform'] ?? ''}>`);
  });

  it.each([
    ['nora', 'status calico', 'viewers'],
    ['vera', 'fix calico', 'operators'],
    ['anna', 'fix calico', 'operators'],
  ])('%s may not %s, and is told which rule says so', async (user, text, group) => {
    const said = await refused(scene, { text, user });
    expect(said).toContain(`You are not among the ${group} of ${CLUSTER}`);
    expect(said).toContain(`policy.${group}`);
  });

  it('a fix that nothing calls for is refused, and says why', async () => {
    const { message } = await ask(scene, { text: 'fix calico --reason why' });
    expect(textOf(message)).toContain('Nothing to fix: no alarm');
  });

  it('where the bot is no member, the answer comes by the way that needs no membership', async () => {
    const platform = scene.slack.channels['platform'] ?? '';
    const room = scene.slack.state.rooms.get(platform);
    if (!room) throw new Error('no such room');
    room.members.delete(scene.slack.botUserId);
    try {
      await scene.drive.command({ user: 'olga', channel: 'platform', text: 'status calico' });
      const why = await scene.drive.waitForEphemeral('olga', (one) =>
        textOf(one).includes("I can't post in <#"),
      );
      expect(textOf(why)).toContain('Invite me there: type `/invite`');
      await scene.drive.waitForEphemeral('olga', (one) => headerOf(one).includes(CLUSTER));
    } finally {
      room.members.add(scene.slack.botUserId);
    }
  });
});

describe('Targets that are not what the configuration says', () => {
  const scene = aScene({
    etcd: { members: 1 },
    others: (parts) => Promise.all([wrongId(parts), wrongAuthority(parts), wrongPassword(parts)]),
  });

  it('an etcd with another cluster id than configured is refused', async () => {
    const { message } = await ask(scene, { text: 'status wrong-id' });
    expect(textOf(message)).toMatch(ANOTHER_CLUSTER);
  });

  it('an authority that did not sign the certificate is named as what is wrong', async () => {
    const { message } = await ask(scene, { text: 'diagnose wrong-ca' });
    expect(textOf(message)).toMatch(/TLS|certificate/i);
  });

  it('a wrong password is named as what is wrong, and never shown', async () => {
    const { message } = await ask(scene, { text: 'diagnose wrong-password' });
    expect(textOf(message)).toMatch(/user|password|auth/i);
    expect(textOf(message)).not.toContain(WRONG_PASSWORD);
    expect(await scene.log()).not.toContain(WRONG_PASSWORD);
  });

  it('none of them can be mended by a fix, and each says so', async () => {
    for (const name of ['wrong-id', 'wrong-ca', 'wrong-password']) {
      const { message } = await ask(scene, { text: `fix ${name} --reason why` });
      expect(textOf(message)).toContain('Mend the access to etcd first');
    }
  });

  it('what stands at the addresses of a known cluster, and is another one, is refused', async () => {
    expect(headerOf((await ask(scene, { text: `status ${CLUSTER}` })).message)).toContain('healthy');
    await inRedis(scene.redis, (redis) => redis.set(`{steward}:pin:${CLUSTER}`, '12345'));
    const { message } = await ask(scene, { text: `status ${CLUSTER}` });
    expect(textOf(message)).toMatch(ANOTHER_CLUSTER);
  });

  async function wrongId(parts: StartedParts): Promise<Settings> {
    const etcd = scene.also(await startEtcd({ version: '3.5', members: 1 }));
    return { ...entry('wrong-id', { ...parts, etcd }), clusterId: '12345' };
  }

  async function wrongAuthority(parts: StartedParts): Promise<Settings> {
    const etcd = scene.also(await startEtcd({ version: '3.5', members: 1, tls: true }));
    const { server } = await makeTls(join(parts.directory, 'other-authority'));
    return { ...entry('wrong-ca', { ...parts, etcd }), tls: { ...etcd.tls, ca: server.ca } };
  }

  async function wrongPassword(parts: StartedParts): Promise<Settings> {
    const etcd = scene.also(await startEtcd({ version: '3.5', members: 1 }));
    await etcd.etcdctl('user', 'add', 'root:right');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
    const passwordFile = join(parts.directory, 'password');
    await writeFile(passwordFile, `${WRONG_PASSWORD}\n`, { mode: 0o600 });
    return { ...entry('wrong-password', { ...parts, etcd }), auth: { username: 'root', passwordFile } };
  }
});

function entry(name: string, { etcd, slack }: Pick<StartedParts, 'etcd' | 'slack'>): Settings {
  return { name, endpoints: etcd.endpoints, channels: [slack.channels['platform']] };
}
