import { describe, expect, it } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { TargetError } from '../../../src/domain/errors.js';
import { makeDirectory } from '../../../src/slack/app/directory.js';

let now = 1_000_000;
const clock = { now: () => now, pause: async () => undefined };

/** A client of which only users.info is asked. */
function clientOf(info: (user: string) => Promise<object>): { client: webApi.WebClient; asked: string[] } {
  const asked: string[] = [];
  const client = new webApi.WebClient('xoxb-none');
  client.users.info = async ({ user }: { user: string }) => {
    asked.push(user);
    return { ok: true, user: await info(user) };
  };
  return { client, asked };
}

/** A client of which only conversations.info is asked. */
function roomsOf(info: () => object): { client: webApi.WebClient; asked: string[] } {
  const asked: string[] = [];
  const client = new webApi.WebClient('xoxb-none');
  client.conversations.info = async ({ channel }: { channel: string }) => {
    asked.push(channel);
    return { ok: true, channel: info() };
  };
  return { client, asked };
}

describe('what Slack says of a channel', () => {
  it.each([
    ['shared with another organisation', { is_ext_shared: true }, true],
    ['about to be shared', { is_ext_shared: false, is_pending_ext_shared: true }, true],
    ['shared within the organisation', { is_shared: true, is_org_shared: true, is_ext_shared: false }, false],
    ['its own', { is_ext_shared: false, is_pending_ext_shared: false }, false],
    ['of which Slack says nothing', {}, false],
  ])('%s', async (_how, info, shared) => {
    const { client, asked } = roomsOf(() => info);
    const directory = makeDirectory(client, clock);
    expect(await Promise.all([directory.isShared('C1'), directory.isShared('C1')])).toEqual([shared, shared]);
    expect(asked).toEqual(['C1']);
  });

  it('that it does not show fails with what to do', async () => {
    const { client } = roomsOf(() => {
      throw new webApi.WebAPIPlatformError({ ok: false, error: 'channel_not_found' });
    });
    await expect(makeDirectory(client, clock).isShared('C1')).rejects.toThrow(/type `\/invite` and pick me/);
  });
});

describe('what Slack says of people', () => {
  it('is asked once for all who wait, and once more after five minutes', async () => {
    const { client, asked } = clientOf(async () => ({ team_id: 'T1', is_bot: false }));
    const directory = makeDirectory(client, clock);
    await Promise.all([directory.person('U1'), directory.person('U1'), directory.person('U2')]);
    expect(asked).toEqual(['U1', 'U2']);
    now += 5 * 60_000;
    await directory.person('U1');
    expect(asked).toEqual(['U1', 'U2', 'U1']);
  });

  it('leaves unknown what it does not say', async () => {
    const { client } = clientOf(async () => ({ team_id: 'T1' }));
    expect(await makeDirectory(client, clock).person('U1')).toEqual({ id: 'U1', teamId: 'T1' });
  });

  it('takes guests of one channel and of several for guests', async () => {
    const { client } = clientOf(async (user) => ({
      is_restricted: user === 'U1',
      is_ultra_restricted: user === 'U2',
    }));
    const directory = makeDirectory(client, clock);
    const people = await Promise.all(['U1', 'U2', 'U3'].map((user) => directory.person(user)));
    expect(people.map((person) => person.guest)).toEqual([true, true, false]);
  });

  it('fails for everybody who waits as a target does, and is asked anew afterwards', async () => {
    let down = true;
    const { client, asked } = clientOf(async () => {
      if (down) throw new webApi.WebAPIRequestError(new Error('timeout'));
      return { team_id: 'T1' };
    });
    const directory = makeDirectory(client, clock);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => directory.person('U1')));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(TargetError) });
    }
    down = false;
    expect(await directory.person('U1')).toMatchObject({ teamId: 'T1' });
    expect(asked).toEqual(['U1', 'U1']);
  });
});
