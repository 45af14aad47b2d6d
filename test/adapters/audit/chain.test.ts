import { describe, expect, it } from '@jest/globals';
import { chainKey, makeChain, readEntry } from '../../../src/adapters/audit/chain.js';
import { auditLine, type AuditEvent } from '../../../src/domain/audit.js';

const KEY = chainKey('a key for these tests alone');
const AT = Date.parse('2026-11-23T03:12:05.250Z');

function lineOf(event: Partial<AuditEvent>): string {
  return auditLine(makeChain(KEY, 'c1').next({ at: AT, event: 'operation.approved', ...event }));
}

const HOSTILE = 'línea\u2028<!channel>\n"}{\u0000\ud83d';

const NESTED: Readonly<Record<string, unknown>> = {
  '10': 1,
  '2': [null, { b: 1.5, a: -0 }],
  __proto: 'x',
  at: 3,
};

describe('an entry', () => {
  it('has its place in the chain, and its time as a person reads it', () => {
    const chain = makeChain(KEY, 'c1');
    const [first, second] = [1, 2].map(() => chain.next({ at: AT, event: 'step.done' }));
    expect(first).toMatchObject({ chain: 'c1', seq: 1, prev: '' });
    expect(second).toMatchObject({ chain: 'c1', seq: 2, prev: first?.mac });
    expect(JSON.parse(auditLine(first!))).toMatchObject({
      at: '2026-11-23T03:12:05.250Z',
      event: 'step.done',
    });
  });

  it.each<[string, Partial<AuditEvent>]>([
    ['with nothing but its event', {}],
    [
      'with everything',
      { who: 'U1', cluster: 'prod', operation: 'op1', planHash: 'h', why: 'full', detail: {} },
    ],
    ['with details of any shape', { detail: NESTED }],
    ['with ends of lines, zeros and half characters in it', { why: HOSTILE, detail: { [HOSTILE]: HOSTILE } }],
    ['with what is undefined', { who: undefined, detail: { a: undefined } }],
    ['with numbers that JSON has none for', { detail: { a: Infinity, b: NaN } }],
    ['with a name that objects inherit', { detail: JSON.parse('{"__proto__":{"a":1}}') as object as never }],
  ])('%s is one line, and is read again as it was written', (_title, event) => {
    const line = lineOf(event);
    expect(line).not.toContain('\n');
    const read = readEntry(KEY, line);
    expect(read).toMatchObject({ ok: true, value: { at: AT, event: 'operation.approved', seq: 1 } });
    expect(read.ok && auditLine(read.value)).toBe(line);
  });

  it('is clipped where a text is long, between whole characters', () => {
    const long = `${'x'.repeat(1998)}😀${'y'.repeat(9000)}`;
    const { why, detail } = JSON.parse(lineOf({ why: long, detail: { deep: [long] } })) as AuditEvent;
    expect(why).toBe(`${'x'.repeat(1998)}…`);
    expect(detail).toEqual({ deep: [why] });
  });

  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it.each<[string, Partial<AuditEvent>]>([
    ['details that go round in a circle', { detail: circle }],
    ['details with a number that JSON can’t write', { detail: { size: 5n } }],
    ['a time that is none', { at: NaN }],
    ['a time beyond all calendars', { at: 1e20 }],
  ])('is written in any case, also with %s', (_title, event) => {
    const read = readEntry(KEY, lineOf({ who: 'U1', ...event }));
    expect(read).toMatchObject({ ok: true, value: { event: 'operation.approved', who: 'U1' } });
  });
});

describe('a line', () => {
  const line = lineOf({ who: 'U1', detail: { refused: 'no' } });

  it.each([
    ['another person', line.replace('"U1"', '"U2"'), 'changed'],
    ['another detail', line.replace('"no"', '"yes"'), 'changed'],
    ['one name more', line.replace('{"seq"', '{"extra":1,"seq"'), 'changed'],
    ['one name less', line.replace('"who":"U1",', ''), 'changed'],
    ['a name twice, of which programs read the last', line.replace('{"seq"', '{"who":"U9","seq"'), 'changed'],
    ['a space more', line.replace('{"seq"', '{ "seq"'), 'changed'],
    ['another mac', line.replace(/"mac":"../, '"mac":"00'), 'changed'],
    ['a shorter mac', line.replace(/"mac":"../, '"mac":"'), 'no entry'],
    ['no mac', line.replace(/,"mac":"\w+"/, ''), 'no entry'],
    ['half of it', line.slice(0, 80), 'can’t be read'],
    ['nothing but a number', '7', 'can’t be read'],
    ['a list', '[]', 'can’t be read'],
    ['brackets a million deep', `${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}`, 'no entry'],
  ])('with %s is refused', (_title, changed, why) => {
    expect(readEntry(KEY, changed)).toMatchObject({ ok: false, reason: expect.stringContaining(why) });
  });

  it('deeper than anything can write is refused', () => {
    const deep = `${'['.repeat(1e5)}${']'.repeat(1e5)}`;
    expect(readEntry(KEY, line.replace('{"refused":"no"}', deep))).toMatchObject({ ok: false });
  });

  it('is proven with the same key only', () => {
    expect(readEntry(KEY, line).ok).toBe(true);
    expect(readEntry(chainKey('another key'), line).ok).toBe(false);
  });
});
