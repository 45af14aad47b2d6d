import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '../../src/adapters/catalogue.js';
import type { Catalogue } from '../../src/engine/catalogue.js';
import type { Command } from '../../src/slack/command.js';
import { parse } from '../../src/slack/parse.js';

let commands: Catalogue<Command>;

beforeAll(async () => {
  commands = await loadCatalogue<Command>(new URL('../../src/slack/commands/', import.meta.url));
});

function taken(text: string): unknown {
  const parsed = parse(commands, text);
  if (!parsed.ok) return parsed;
  const { verb, words, options } = parsed.value;
  return { verb, words, options };
}

describe('what a person types', () => {
  it.each([
    ['status', 'status', [], {}],
    ['status prod', 'status', ['prod'], {}],
    ['status prod --chart', 'status', ['prod'], { chart: true }],
    ['  STATUS   prod ', 'status', ['prod'], {}],
    ['', 'help', [], {}],
    ['<@U0STEWARD> status prod', 'status', ['prod'], {}],
    ['<@U0STEWARD|steward>   diagnose', 'diagnose', [], {}],
    ['diagnose --probe', 'diagnose', [], { probe: true }],
    ['diagnose —probe prod', 'diagnose', ['prod'], { probe: true }],
    ['fix prod --reason "pods do not start"', 'fix', ['prod'], { reason: 'pods do not start' }],
    ['fix --reason “curly quotes of a phone” prod', 'fix', ['prod'], { reason: 'curly quotes of a phone' }],
    ['fix --reason=short', 'fix', [], { reason: 'short' }],
    ['help fix', 'help', ['fix'], {}],
    ['fix --reason="pods do not start" prod', 'fix', ['prod'], { reason: 'pods do not start' }],
    ['fix --reason=a=b', 'fix', [], { reason: 'a=b' }],
    ['fix --reason "it\'s full — really"', 'fix', [], { reason: "it's full — really" }],
    ['fix prod --dry-run', 'fix', ['prod'], { 'dry-run': true }],
    ['defrag prod m1 m2 m3 --all', 'defrag', ['prod', 'm1', 'm2', 'm3'], { all: true }],
    ['move-leader prod m2', 'move-leader', ['prod', 'm2'], {}],
    ['move-leader prod --to m2', 'move-leader', ['prod'], { to: 'm2' }],
    ['compact --keep 10m --revision 5', 'compact', [], { keep: '10m', revision: '5' }],
    ['pause all —reason release', 'pause', ['all'], { reason: 'release' }],
    ['approvals', 'approvals', [], {}],
  ])('%j is understood', (text, verb, words, options) => {
    expect(taken(text)).toEqual({ verb, words, options });
  });

  it.each([
    ['statsu', /no command “statsu”/, /`\/etcd status`/],
    ['frobnicate', /no command/, /I understand: alarms, approvals, backup, calico, churn, clusters/],
    ['status --prode', /no option “--prode”/, /It knows: `--chart`/],
    ['clusters --prode', /no option “--prode”/, /takes no options/],
    ['diagnose --prob', /no option “--prob”/, /`--probe`/],
    ['fix prod --reason', /needs a value/, /\/etcd fix/],
    ['fix prod --reason --dry-run', /`--reason` needs a value/, /\/etcd fix/],
    ['fix prod --reason —dry-run', /`--reason` needs a value/, /\/etcd fix/],
    ['compact --keep', /`--keep` needs a value/, /--keep 10m\|5000/],
    ['move-leader prod m1 m2', /“m2”/, /\/etcd move-leader/],
    ['pause prod staging', /“staging”/, /\/etcd pause/],
    ['approvals prod', /“prod”/, /\/etcd approvals/],
    ['status prod staging', /“staging”/, /\/etcd status/],
    ['clusters prod', /“prod”/, /\/etcd clusters/],
  ])('%j gets a friendly no that says what to do', (text, reason, instead) => {
    const refusal = parse(commands, text);
    if (refusal.ok) throw new Error('it was understood');
    expect(refusal).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(refusal.instead?.join(' ')).toMatch(instead);
  });
});
