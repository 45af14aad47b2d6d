import { describe, expect, test } from '@jest/globals';
import type { Answer, Question } from '../../../src/domain/answer.js';
import type { AuditEntry, AuditEvent } from '../../../src/domain/audit.js';
import { historyMessage } from '../../../src/slack/blocks/history.js';
import { entryText } from '../../../src/slack/blocks/history-text.js';
import { noticeMessage } from '../../../src/slack/blocks/notice.js';
import type { Message } from '../../../src/slack/blocks/message.js';
import { expectGolden } from '../../golden.js';
import { answer } from '../answers.js';
import { violations } from '../limits.js';

const AT = Date.parse('2026-11-23T03:12:05Z');
const MAC = '0123456789abcdef'.repeat(4);

function entry(event: string, changes: Partial<AuditEvent> = {}): AuditEntry {
  const about = { cluster: 'calico-prod', operation: 'op-7Qm2xV', planHash: 'a1b2c3d4e5f6a7b8' };
  return { at: AT, event, ...about, chain: 'c0ffee00', seq: 7, prev: MAC, mac: MAC, ...changes };
}

const ALONE = { cluster: undefined, operation: undefined, planHash: undefined };

/** The night of the incident, newest first. */
function night(): readonly AuditEntry[] {
  const minutes = (count: number): Pick<AuditEvent, 'at'> => ({ at: AT - count * 60_000 });
  return [
    entry('operation.succeeded', { detail: { summary: 'Writes work again, 5 GiB are free.' } }),
    entry('step.done', { ...minutes(1), detail: { step: 'Defragment m2' } }),
    entry('operation.started', minutes(4)),
    entry('operation.approved', {
      ...minutes(5),
      who: 'U2',
      why: 'pods do not start',
      detail: { verdict: 'approve' },
    }),
    entry('operation.click-refused', {
      ...minutes(6),
      who: 'U9',
      why: 'let me',
      detail: { verdict: 'approve', refused: 'You are not among the approvers of calico-prod.' },
    }),
    entry('operation.proposed', {
      ...minutes(200),
      who: 'U1',
      detail: { runbook: 'fix', title: 'Make room' },
    }),
    entry('process.started', { ...minutes(300), ...ALONE, detail: { role: 'all' } }),
  ];
}

function history(
  entries: readonly AuditEntry[],
  { more = false, ...question }: Partial<Question> & { readonly more?: boolean } = {},
): Message {
  const told: Answer = answer({ kind: 'history', entries, more }, 'history');
  return historyMessage({ ...told, question: { ...told.question, ...question } });
}

const MESSAGES: Readonly<Record<string, () => Message>> = {
  history: () => history(night(), { cluster: null }),
  'history-none': () => history([], { cluster: null, options: { day: '2026-11-22', who: '<@U0ANNA|anna>' } }),
  'history-export': () => history(night(), { options: { export: true, who: 'U0ANNA' } }),
  'notice-heads': () =>
    noticeMessage({
      id: 'heads-2026-11-23',
      version: 1,
      channel: 'C0ALERTS',
      title: 'Audit trail, 2026-11-23: where its chains stand',
      lines: [
        '`c0ffee00:812:0123456789abcdef` last entry 2026-11-23 05:58 UTC',
        'To prove it: `etcd-steward audit verify`.',
      ],
    }),
};

describe('a message about the audit trail', () => {
  test.each(Object.entries(MESSAGES))('%s looks as it was agreed, and keeps Slack’s limits', (name, make) => {
    const message = make();
    expectGolden(`slack/blocks/golden/${name}`, message);
    expect(violations(message)).toEqual([]);
  });
});

describe('an entry in words', () => {
  const cases: readonly (readonly [string, Partial<AuditEvent>, string])[] = [
    ['process.started', { ...ALONE, detail: { role: 'bot' } }, 'process started (role bot)'],
    ['process.stopped', { ...ALONE, detail: { role: 'bot' } }, 'process stopped (role bot)'],
    ['configuration.loaded', ALONE, 'configuration loaded'],
    ['operation.proposed', { who: 'U1' }, 'proposed by <@U1> — fix calico-prod (a1b2c3d4)'],
    [
      'operation.proposed',
      { who: 'U1', why: 'full' },
      'proposed by <@U1> — fix calico-prod (a1b2c3d4): “full”',
    ],
    ['operation.superseded', {}, 'superseded by a newer plan — fix calico-prod (a1b2c3d4)'],
    ['operation.approved', { who: 'U2' }, 'approved by <@U2> — fix calico-prod (a1b2c3d4)'],
    [
      'operation.approved',
      { who: 'U2', why: 'all is down', detail: { emergency: true } },
      'approved alone, as an emergency, by <@U2> — fix calico-prod (a1b2c3d4): “all is down”',
    ],
    ['operation.denied', { who: 'U2', why: 'no' }, 'denied by <@U2> — fix calico-prod (a1b2c3d4): “no”'],
    [
      'operation.click-refused',
      { who: 'U9', why: 'me', detail: { verdict: 'deny', refused: 'Too late.' } },
      'refused a click (deny) of <@U9> — fix calico-prod (a1b2c3d4): Too late',
    ],
    ['operation.cancel', { who: 'U1' }, 'cancel asked for by <@U1> — fix calico-prod (a1b2c3d4)'],
    ['operation.started', {}, 'started — fix calico-prod (a1b2c3d4)'],
    ['operation.handed-over', {}, 'handed over to the next process — fix calico-prod (a1b2c3d4)'],
    ['operation.taken-over', {}, 'taken over from a process that is gone — fix calico-prod (a1b2c3d4)'],
    ['operation.succeeded', {}, 'succeeded — fix calico-prod (a1b2c3d4)'],
    [
      'operation.failed',
      { detail: { summary: 'm2 is down.' } },
      'failed — fix calico-prod (a1b2c3d4): m2 is down',
    ],
    ['operation.cancelled', {}, 'cancelled — fix calico-prod (a1b2c3d4)'],
    ['operation.expired', {}, 'expired — fix calico-prod (a1b2c3d4)'],
    ['operation.stale', {}, 'stale, nothing was touched — fix calico-prod (a1b2c3d4)'],
    ['step.begun', { detail: { step: 'Compact' } }, 'step begun — Compact on calico-prod (a1b2c3d4)'],
    ['step.done', { detail: { step: 'Compact' } }, 'step done — Compact on calico-prod (a1b2c3d4)'],
    [
      'step.skipped',
      { detail: { step: 'Compact', because: 'it is done' } },
      'step skipped — Compact on calico-prod (a1b2c3d4): it is done',
    ],
    ['step.failed', { detail: { step: 'Compact' } }, 'step failed — Compact on calico-prod (a1b2c3d4)'],
    ['step.unclear', { detail: {} }, 'step unclear, its end was not seen — fix calico-prod (a1b2c3d4)'],
    [
      'changes.paused',
      { ...ALONE, who: 'U1', why: 'upgrade' },
      'changes paused by <@U1> — all clusters: “upgrade”',
    ],
    ['changes.resumed', { ...ALONE, cluster: 'prod', who: 'U1', why: '' }, 'changes resumed by <@U1> — prod'],
    [
      'command.refused',
      { ...ALONE, who: 'U1', detail: { refused: 'No.' } },
      'refused a command of <@U1>: No',
    ],
    ['something.new', { ...ALONE, who: 'U1' }, 'something.new by <@U1>'],
    ['constructor', ALONE, 'constructor'],
    ['operation.started', { planHash: undefined }, 'started — fix calico-prod (op-7Qm2x)'],
  ];

  test.each(cases)('%s', (event, changes, expected) => {
    const runbook = 'operation' in changes ? undefined : 'fix';
    expect(entryText(entry(event, changes), runbook)).toBe(expected);
  });
});

describe('a history', () => {
  const said = (message: Message): string => JSON.stringify(message.blocks);

  test('has a heading for each day, in UTC', () => {
    const days = [0, 3, 4, 30].map((hours) => entry('step.done', { at: AT - hours * 3_600_000 }));
    expect(said(history(days)).match(/\*2026-11-\d\d\* UTC/g)).toEqual([
      '*2026-11-23* UTC',
      '*2026-11-22* UTC',
      '*2026-11-21* UTC',
    ]);
  });

  test('says how to see what does not fit, and shows 25 entries at most', () => {
    const many = Array.from({ length: 25 }, (_, index) => entry('step.done', { at: AT - index }));
    expect(history(many, { more: true }).text).toBe('History of calico-prod: the newest 25 entries');
    expect(said(history(many, { more: true }))).toContain(
      'There is more: `--day` and `--who` narrow it down',
    );
    expect(said(history(many))).not.toContain('There is more');
    const exported = history([...many, ...many], { options: { export: true } });
    expect(said(exported).match(/step done/g)).toHaveLength(25);
    expect(said(exported)).toContain('The file has all of them.');
    expect(exported.file?.content.trimEnd().split('\n')).toHaveLength(50);
  });

  test('is exported as the lines that were written, oldest first', () => {
    const file = history(night(), { options: { export: true } }).file;
    const lines = (file?.content ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(file?.name).toBe('audit-calico-prod.jsonl');
    expect(lines[0]).toMatchObject({ event: 'process.started', at: '2026-11-22T22:12:05.000Z', mac: MAC });
    expect(lines.at(-1)).toMatchObject({ event: 'operation.succeeded' });
  });
});

const EVIL = '<!channel> `@here` <@U9> & :red_circle: *b*\n\u202e';
const HUGE = `${EVIL}${'&'.repeat(5000)}`;

describe('with hostile texts everywhere', () => {
  const detail = {
    runbook: HUGE,
    step: HUGE,
    verdict: HUGE,
    role: HUGE,
    refused: HUGE,
    because: HUGE,
    summary: HUGE,
  };
  const hostile = { who: HUGE, cluster: HUGE, operation: HUGE, planHash: EVIL, why: HUGE };
  const events = ['operation.approved', 'operation.click-refused', 'step.failed', 'process.started', HUGE];
  const entries = Array.from({ length: 60 }, (_, index) => [
    entry(events[index % events.length] ?? '', { ...hostile, detail }),
    entry(events[index % events.length] ?? '', hostile),
  ]).flat();
  const options = { who: HUGE, day: HUGE };

  test.each<[string, () => Message]>([
    ['a history', () => history(entries, { cluster: HUGE, options, more: true })],
    ['an export', () => history(entries, { cluster: HUGE, options: { ...options, export: true } })],
    [
      'a notice',
      () =>
        noticeMessage({
          id: 'n',
          version: 1,
          channel: 'C1',
          title: HUGE,
          lines: Array<string>(80).fill(HUGE),
        }),
    ],
  ])('%s keeps Slack’s limits, and notifies nobody', (_title, make) => {
    const message = make();
    expect(violations(message)).toEqual([]);
    expect(JSON.stringify(message.blocks)).not.toContain('<@U9>');
    expect(message.text).not.toMatch(/<|`/);
  });

  test('an export stays one entry a line', () => {
    const { file } = history(entries, { options: { export: true } });
    for (const line of (file?.content ?? '').trimEnd().split('\n'))
      expect(JSON.parse(line)).toHaveProperty('mac');
    expect(file?.name).toBe('audit-calico-prod.jsonl');
  });
});
test('leaves out that a step began once it has ended, and says so while it runs', () => {
  const step = { detail: { step: 'Defragment m2' } };
  const begun = entry('step.begun', { ...step, at: AT - 2000 });
  const done = entry('step.done', { ...step, at: AT - 1000 });
  const running = entry('step.begun', { at: AT, detail: { step: 'Defragment m3' } });
  const said = JSON.stringify(history([running, done, begun]));
  expect(said).not.toContain('step begun — Defragment m2');
  expect(said).toContain('step done — Defragment m2');
  expect(said).toContain('step begun — Defragment m3');
});
