import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../domain/answer.js';
import type { Finding } from '../../domain/finding.js';
import type { Snapshot } from '../../domain/snapshot.js';
import { duration } from '../../domain/units.js';
import { clusterButtons } from './buttons.js';
import { prose } from './escape.js';
import { folded } from './folded.js';
import { SEVERITY_MARK } from './marks.js';
import { compose, type Message } from './message.js';
import { context, divider, section } from './parts.js';
import { STORY } from './pods.js';
import { otherMessage } from './refusal.js';
import { clockSeconds } from './time.js';
import { findingsOrdered, verdictOf } from './verdict.js';

export { findingsOrdered } from './verdict.js';

/** What is wrong and what to do, then every finding with its evidence. */
export function diagnosisMessage(answer: Answer): Message {
  if (answer.body.kind !== 'examination') return otherMessage(answer);
  const { snapshot, findings } = answer.body;
  const wrong = findingsOrdered(findings).filter((finding) => finding.severity !== 'ok');
  const passed = findings.length - wrong.length;
  const told = folded(wrong);
  const verdict = verdictOf(snapshot, told.length > 0 ? told : findings);
  const blocks = told.flatMap((finding) => findingBlocks(finding, told[0]?.advice));
  return compose({
    verdict,
    body: [section(lead(told, verdict)), ...(blocks.length > 0 ? [divider()] : []), ...blocks],
    tail: [
      context([...(passed > 0 ? [passedLine(findings)] : []), readLine(snapshot)].join('\n')),
      clusterButtons(answer.question.id, findings, ['cluster.fix', 'cluster.status']),
    ],
  });
}

/** The sentence that a tired person reads, if only one: what is wrong, where the header has not said it all, and what to do. */
function lead(told: readonly Finding[], verdict: string): string {
  const worst = told[0];
  if (worst === undefined) return 'Nothing is wrong, and there is nothing to do.';
  const unknowns = told.filter((finding) => finding.severity === 'unknown' && finding !== worst);
  const blind = unknowns.map((finding) => prose(finding.title)).join(', ');
  return [
    ...leading(told, worst, verdict),
    worst.advice === undefined ? 'There is nothing to do about it.' : `*What to do*: ${prose(worst.advice)}`,
    ...(blind === '' ? [] : [`${SEVERITY_MARK.unknown} Could not be checked: ${blind}`]),
  ].join('\n');
}

/** How things hang together, where a finding says it; else the worst of them, where the header has not said it. */
function leading(told: readonly Finding[], worst: Finding, verdict: string): readonly string[] {
  const story = told.find((finding) => finding.story !== undefined)?.story;
  if (story !== undefined && worst.story === undefined && !verdict.endsWith(worst.summary))
    return [`*${prose(worst.summary)}*`, prose(story, STORY)];
  if (story !== undefined) return [`*${prose(story, STORY)}*`];
  return verdict.endsWith(worst.summary) ? [] : [`*${prose(worst.summary)}*`];
}

/** Several findings often ask for the same act: the lead has said it. */
function findingBlocks(finding: Finding, said: string | undefined): readonly KnownBlock[] {
  const { advice, evidence = [] } = finding;
  const act = advice === undefined || advice === said ? [] : [`→ ${prose(advice)}`];
  const title = `${SEVERITY_MARK[finding.severity]} *${prose(finding.title)}*`;
  return [
    section([title, prose(finding.summary), ...act].join('\n')),
    context([...evidence.map((line) => `•  ${prose(line)}`), `Why: ${prose(finding.why)}`].join('\n')),
  ];
}

function passedLine(findings: readonly Finding[]): string {
  const titles = findings
    .filter((finding) => finding.severity === 'ok')
    .map((finding) => prose(finding.title));
  const checks = titles.length === 1 ? 'check' : 'checks';
  return `${SEVERITY_MARK.ok} ${String(titles.length)} ${checks} passed: ${titles.join(', ')}`;
}

function readLine(snapshot: Snapshot): string {
  return `read ${clockSeconds(snapshot.at)} in ${duration(snapshot.tookMs)}`;
}
