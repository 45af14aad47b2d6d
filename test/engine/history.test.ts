import { describe, expect, it } from '@jest/globals';
import type { Answer, Question } from '../../src/domain/answer.js';
import type { AuditEntry, AuditFilter } from '../../src/domain/audit.js';
import type { Cluster } from '../../src/domain/cluster.js';
import { listHistory } from '../../src/engine/history.js';

const NOW = Date.parse('2026-11-23T03:12:05Z');
const DAY = 86_400_000;
const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z');

const CLUSTERS = [
  { name: 'calico-prod', channels: ['C0PLATFORM'] },
  { name: 'kube-prod', channels: ['C0PLATFORM', 'C0OTHER'] },
  { name: 'elsewhere', channels: ['C0OTHER'] },
] as unknown as readonly Cluster[];

interface Asked {
  readonly answer: Answer;
  readonly filter: AuditFilter | null;
  readonly shown: readonly string[];
}

async function ask(changes: Partial<Question>, found = 0): Promise<Asked> {
  const seen: { answer?: Answer; filter: AuditFilter | null; shown: string[] } = { filter: null, shown: [] };
  const question: Question = {
    id: 'q1',
    version: 1,
    verb: 'history',
    cluster: null,
    options: {},
    asker: { teamId: 'T1', userId: 'U1' },
    place: { channel: 'C0PLATFORM' },
    askedAt: NOW,
    facts: [],
    ...changes,
  };
  const read = async (filter: AuditFilter): Promise<readonly AuditEntry[]> => {
    seen.filter = filter;
    const entries = Array.from({ length: found }, (_, index) => ({ seq: found - index }) as AuditEntry);
    return entries.slice(0, filter.limit);
  };
  await listHistory(
    {
      trail: { read, heads: async () => [] },
      clusters: CLUSTERS,
      answers: { save: async (answer) => void (seen.answer = answer), load: async () => null },
      outbox: { put: async ({ kind, id }) => void seen.shown.push(`${kind} ${id}`) },
      clock: { now: () => NOW, pause: async () => undefined },
    },
    question,
  );
  return { answer: seen.answer!, filter: seen.filter, shown: seen.shown };
}

describe('a history', () => {
  it('is of the clusters of the channel that it is asked in, and of what concerns them all', async () => {
    const { filter, shown } = await ask({});
    expect(filter).toMatchObject({
      clusters: ['calico-prod', 'kube-prod', '*'],
      general: ['process.', 'configuration.', 'changes.'],
    });
    expect(shown).toEqual(['answer q1']);
  });

  it('is of the named cluster alone, and of the pauses that held for it', async () => {
    const { filter } = await ask({ cluster: 'kube-prod' });
    expect(filter).toMatchObject({ clusters: ['kube-prod', '*'], general: ['changes.'] });
  });

  it('tells nothing of a cluster of another channel', async () => {
    const { filter } = await ask({ cluster: 'elsewhere' });
    expect(filter?.clusters).toEqual(['*']);
  });

  it.each([
    ['<@U0ANNA>', 'U0ANNA'],
    ['<@U0ANNA|anna>', 'U0ANNA'],
    ['<@U0ANNA|anna', 'U0ANNA'],
    ['U0ANNA', 'U0ANNA'],
    ['W0ANNA', 'W0ANNA'],
  ])('is of the person named as %s', async (who, id) => {
    expect((await ask({ options: { who } })).filter).toMatchObject({ who: id });
  });

  it.each(['@olga', 'olga', '<!channel>', '', 'U', 'u0anna', '<@S1>'])(
    'does not guess who “%s” is, and says what to type',
    async (who) => {
      const { answer, filter } = await ask({ options: { who } });
      expect(filter).toBeNull();
      expect(answer.body).toMatchObject({ kind: 'refusal', reason: expect.stringContaining('member ids') });
      expect(JSON.stringify(answer.body)).toContain('--who U0123ABCD');
    },
  );

  it.each([
    ['today', MIDNIGHT],
    ['Yesterday', MIDNIGHT - DAY],
    ['2026-11-01', Date.parse('2026-11-01T00:00:00Z')],
    ['2024-02-29', Date.parse('2024-02-29T00:00:00Z')],
  ])('is of the day named as %s', async (day, from) => {
    expect((await ask({ options: { day } })).filter).toMatchObject({ from, until: from + DAY });
  });

  it.each(['tomorrow', '2026-02-30', '2026-13-01', '23.11.2026', '2026-11-23T10:00', '', 'constructor'])(
    'does not guess which day “%s” is, and says what to type',
    async (day) => {
      const { answer, filter } = await ask({ options: { day } });
      expect(filter).toBeNull();
      expect(answer.body).toMatchObject({ kind: 'refusal', reason: `“${day}” is no day.` });
      expect(JSON.stringify(answer.body)).toContain('--day 2026-11-23');
    },
  );

  it.each<[string, Question['options'], number, number, boolean]>([
    ['all there is', {}, 25, 25, false],
    ['the newest 25, and says that there is more', {}, 26, 25, true],
    ['5,000 in a file', { export: true }, 5000, 5000, false],
    ['no more than 5,000 in a file, and says so', { export: true }, 6000, 5000, true],
  ])('has %s', async (_title, options, found, shown, more) => {
    const { body } = (await ask({ options }, found)).answer;
    expect(body).toMatchObject({ kind: 'history', more });
    expect(body.kind === 'history' && body.entries.length).toBe(shown);
    expect(body.kind === 'history' && body.entries[0]).toEqual({ seq: found });
  });
});
