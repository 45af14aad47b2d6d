import type { KnownBlock } from '@slack/types';
import { podCount } from '../../domain/kubernetes/still-hanging.js';
import type { ByteRange, MemberBytes, MemberPause, Plan } from '../../domain/plan.js';
import { bytes, duration } from '../../domain/units.js';
import { escape, prose } from './escape.js';
import { section } from './parts.js';

/** Of more members than these only the sum is shown; Details has them all. */
const MOST_NAMED = 7;

/** What it reaches, gives back, and costs. */
export function effectBlocks(plan: Plan): readonly KnownBlock[] {
  const lines = [...reachLines(plan), ...backLines(plan), ...pauseLines(plan), ...restartLines(plan)];
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
}

/** Of each member, for Details. */
export function memberEffectLines({ expected: { bytesByMember, pauses } }: Plan): readonly string[] {
  return pauses.map(({ memberId, name, pauseMs }) => {
    const back = bytesByMember.find((one) => one.memberId === memberId);
    const gives = back === undefined ? '' : `gives back ${range(back)}, `;
    return `${escape(name, 40)}: ${gives}stands still for about ${duration(pauseMs)}`;
  });
}

function reachLines({ reaches }: Plan): readonly string[] {
  if (reaches === null) return [];
  const text = prose(reaches);
  return [`*Reaches* ${text.charAt(0).toLowerCase()}${text.slice(1)}`];
}

function backLines({ expected: { bytesBack, bytesByMember } }: Plan): readonly string[] {
  if (bytesBack.highBytes <= 0) return [];
  const [first] = bytesByMember;
  const differ = bytesByMember.some((one) => first && range(one) !== range(first));
  const each =
    differ && bytesByMember.length <= MOST_NAMED
      ? [bytesByMember.map((one) => `${escape(one.name, 40)} ${range(one)}`).join(' · ')]
      : [];
  return [`*Gives back* ${range(bytesBack)} in all: ${prose(bytesBack.basis)}`, ...each];
}

function pauseLines({ expected: { pauses, pauseBasis }, standstill }: Plan): readonly string[] {
  if (pauses.length === 0) return [];
  const inTurn = pauses.length > 1 && standstill === null ? ', one after the other' : '';
  const basis = pauseBasis === null ? '' : `: ${prose(pauseBasis)}`;
  return [`*Pauses* ${pausesText(pauses)}${inTurn}${basis}`];
}

/** The kubelets come first; then a few at a time, each proven before the next ones. */
function restartLines({ steps }: Plan): readonly string[] {
  const batches = steps.flatMap((step) => (step.kind === 'restart-pods' ? [step] : []));
  const [first] = batches;
  if (!first) return [];
  const count = batches.reduce((sum, { pods }) => sum + pods.length, 0);
  const most = Math.max(...batches.map(({ pods }) => pods.length));
  const inTurn = batches.length === 1 ? '' : `, at most ${String(most)} at a time`;
  const which = count === 1 ? '1 pod if it still hangs' : `those of ${podCount(count)} that still hang`;
  const left =
    first.patienceMs === 0 ? '' : ` after up to ${duration(first.patienceMs)} of their kubelets’ own retries`;
  return [`*Restarts* ${which}${left}${inTurn}: each is evicted, and its controller makes a new one`];
}

function range({ lowBytes, highBytes }: Pick<ByteRange | MemberBytes, 'lowBytes' | 'highBytes'>): string {
  const [low, high] = [bytes(lowBytes), bytes(highBytes)];
  return low === high ? `about ${low}` : `${low} to ${high}`;
}

function pausesText(pauses: readonly MemberPause[]): string {
  const longest = Math.max(...pauses.map((pause) => pause.pauseMs));
  const alike = pauses.every((pause) => pause.pauseMs === longest);
  if (pauses.length > 1 && alike) return `each member about ${duration(longest)}`;
  if (pauses.length > MOST_NAMED)
    return `each of ${String(pauses.length)} members up to ${duration(longest)}`;
  return pauses.map(({ name, pauseMs }) => `${escape(name, 40)} about ${duration(pauseMs)}`).join(', ');
}
