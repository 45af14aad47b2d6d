import type { Operation, Review } from '../../domain/operation.js';
import { channelName, escape, person } from './escape.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { section } from './parts.js';
import { moment } from './time.js';

/** For the alerts channel: somebody has approved alone. */
export function emergencyMessage({ plan, place }: Operation, { by, at, reason }: Review): Message {
  const why = reason === undefined || reason === '' ? 'no reason given' : escape(reason, 500);
  const lines = [
    `${person(by.userId)} alone approved *${escape(plan.title)}*, ${moment(at)}`,
    `Why: ${why}`,
    `Its card stands in ${channelName(place.channel)}; the audit trail has it as an emergency.`,
  ];
  return compose({
    verdict: `${SEVERITY_MARK.critical} Emergency approval on ${plan.cluster}`,
    body: [section(lines.join('\n'))],
  });
}
