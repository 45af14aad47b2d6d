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
