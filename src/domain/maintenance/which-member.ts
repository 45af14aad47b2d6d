import { no, yes, type Verdict } from '../errors.js';
import { membersOf, type MemberView } from '../members.js';
import { nearest } from '../nearest.js';
import { names } from '../readings.js';
import type { Snapshot } from '../snapshot.js';
import { hexId } from '../units.js';
import { isRead, type ReadMember } from './voters.js';

/** The member that a person means: by its name, or by its id in hex, as etcdctl shows it. */
export function memberCalled(snapshot: Snapshot, word: string): Verdict<ReadMember> {
  const members = membersOf(snapshot);
  const found = members.filter((member) => member.label === word || idOf(member) === hexOf(word));
  const [member] = found;
  if (!member) return unknownMember(snapshot, members, word);
  if (found.length > 1) return ambiguous(found, word);
  return isRead(member) ? yes(member) : no(`No configured endpoint leads to ${member.label}.`);
}

function idOf({ id }: MemberView): string | null {
  return id === null ? null : hexId(id);
}

function hexOf(word: string): string {
  return word.toLowerCase().replace(/^0x/, '');
}

function unknownMember(snapshot: Snapshot, members: readonly MemberView[], word: string): Verdict<never> {
  const labels = members.map((member) => member.label);
  const close = nearest(word, labels);
  return no(`${snapshot.cluster} has no member “${word}”.`, [
    ...(close === undefined ? [] : [`Did you mean \`${close}\`?`]),
    `Its members are ${names(labels)}.`,
  ]);
}

/** etcd lets two members have the same name. */
function ambiguous(found: readonly MemberView[], word: string): Verdict<never> {
  const ids = found.map((member) => `\`${idOf(member) ?? '?'}\``);
  return no(`More than one member is called “${word}”.`, [`Name it by its id: ${names(ids)}.`]);
}
