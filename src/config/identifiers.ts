import type { Path, Problems } from './problems.js';
import type { Group } from './policy-schema.js';

type Kind = 'channel' | 'user' | 'group';

const SHAPES: Readonly<Record<Kind, RegExp>> = {
  channel: /^[CG][A-Z0-9]+$/,
  user: /^[UW][A-Z0-9]+$/,
  group: /^S[A-Z0-9]+$/,
};

const ADVICE: Readonly<Record<Kind, string>> = {
  channel: 'a channel’s id begins with C or G; in Slack open the channel’s details, the id is at the bottom',
  user: 'a person’s id begins with U or W; in Slack open their profile, then ⋮, then Copy member ID',
  group: 'a user group’s id begins with S; it is the last part of the group’s address in Slack',
};

/** Names can be taken over by others; ids can't. */
export function checkId(
  problems: Problems,
  path: Path,
  given: { readonly kind: Kind; readonly id: string },
): void {
  const { kind, id } = given;
  if (!SHAPES[kind].test(id)) problems.add(path, `${describe(id)}; ${ADVICE[kind]}`);
}

function describe(id: string): string {
  if (/^[#@]/.test(id)) return 'is a name, not an id';
  const other = (Object.keys(SHAPES) as Kind[]).find((kind) => SHAPES[kind].test(id));
  return other === undefined ? 'is not a Slack id' : `is the id of a ${other}`;
}

export function checkGroup(problems: Problems, path: Path, group: Group): void {
  for (const [index, id] of group.users.entries())
    checkId(problems, [...path, 'users', index], { kind: 'user', id });
  for (const [index, id] of group.groups.entries())
    checkId(problems, [...path, 'groups', index], { kind: 'group', id });
}

export function checkChannels(problems: Problems, path: Path, channels: readonly string[]): void {
  for (const [index, id] of channels.entries()) checkId(problems, [...path, index], { kind: 'channel', id });
}
