import type { Acked, Driver, Submitted } from '../../infra/local/slack/index.js';
import type { Block, BlockElement, Message, View } from '../../infra/local/slack/types.js';
import { until } from '../../infra/local/until.js';
import type { Scene } from './scene.js';

type Talking = Pick<Scene, 'drive'>;

export interface Asked {
  readonly text: string;
  readonly user?: string;
  readonly channel?: string;
}

/** All that a person can read of a message, a line for each text. */
export function textOf({ blocks, text }: Pick<Message, 'blocks' | 'text'>): string {
  return [text, ...(blocks ?? []).flatMap(textsOf)].join('\n');
}

function textsOf({ text, fields = [], elements = [] }: Block): readonly string[] {
  return [text, ...fields, ...elements.map(labelOf)].flatMap((part) =>
    part === undefined ? [] : [typeof part === 'string' ? part : part.text],
  );
}

function labelOf({ text }: BlockElement): BlockElement['text'] {
  return text;
}

export function textOfView(view: View): string {
  return textOf({ text: view.title?.text ?? '', blocks: view.blocks });
}

export function headerOf({ blocks }: Message): string {
  return blocks?.find(({ type }) => type === 'header')?.text?.text ?? '';
}

export function buttonsOf({ blocks }: Message): readonly string[] {
  const elements = (blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? (block.elements ?? []) : [],
  );
  return elements.flatMap(({ action_id: id }) => id ?? []);
}

export function markerOf({ blocks }: Message): string {
  return blocks?.[0]?.block_id ?? '';
}

/** The message that answers a command, and how long a person waited for it. */
export async function ask(
  { drive }: Talking,
  { text, user = 'olga', channel = 'platform' }: Asked,
): Promise<{ message: Message; tookMs: number; acked: Acked }> {
  const before = await markersIn(drive, channel);
  const begun = performance.now();
  const answered = drive.waitForMessage(channel, (message) => isNew(message, /^answer:/, before));
  const [message, acked] = await Promise.all([
    answered.then((found) => ({ found, at: performance.now() })),
    drive.command({ user, channel, text }),
  ]);
  return { message: message.found, tookMs: message.at - begun, acked };
}

/** The card of a new operation; fails with the bot's own words where there is none. */
export async function propose({ drive }: Talking, asked = 'fix', user = 'olga'): Promise<Message> {
  const before = await markersIn(drive, 'platform');
  const text = asked.includes('--reason') ? asked : `${asked} --reason "it is full"`;
  const posted = drive.waitForMessage('platform', (message) =>
    isNew(message, /^(operation:[^:]+|answer:.*)$/, before),
  );
  const [card] = await Promise.all([posted, drive.command({ user, channel: 'platform', text })]);
  if (markerOf(card).startsWith('answer:')) throw new Error(`there is no plan: ${textOf(card)}`);
  return card;
}

async function markersIn(drive: Driver, channel: string): Promise<ReadonlySet<string>> {
  return new Set((await drive.messages(channel)).map(markerOf));
}

function isNew(message: Message, kind: RegExp, before: ReadonlySet<string>): boolean {
  const isRoot = message.thread_ts === undefined;
  return isRoot && kind.test(markerOf(message)) && !before.has(markerOf(message));
}

/** What Slack shows to the one who asked or clicked, and to nobody else. */
export async function whispered(
  { drive }: Talking,
  user: string,
  act: () => Promise<unknown>,
): Promise<string> {
  const before = new Set((await drive.ephemerals(user)).map(({ ts }) => ts));
  const [message] = await Promise.all([drive.waitForEphemeral(user, ({ ts }) => !before.has(ts)), act()]);
  return textOf(message);
}

/** A no to a command, as its author sees it. */
export function refused(
  scene: Talking,
  { text, user = 'olga', channel = 'platform' }: Asked,
): Promise<string> {
  return whispered(scene, user, () => scene.drive.command({ user, channel, text }));
}

export function press(
  { drive }: Talking,
  user: string,
  { ts }: Pick<Message, 'ts'>,
  actionId: string,
): Promise<Acked> {
  return drive.click({ user, channel: 'platform', ts, actionId });
}

/** Writes the reason into a form once it is open, and sends it. */
export async function fillIn(
  { drive }: Talking,
  user: string,
  { form, reason }: { readonly form: string; readonly reason: string },
): Promise<Submitted> {
  await drive.waitForModal((view) => view.callback_id === form);
  return drive.submitView({ user, values: { reason: { reason } } });
}

/** The card once its header matches. */
export function cardSays(
  { drive }: Talking,
  { ts }: Pick<Message, 'ts'>,
  says: RegExp,
  timeoutMs = 30_000,
): Promise<Message> {
  return drive.waitForMessage('platform', (message) => message.ts === ts && says.test(headerOf(message)), {
    timeoutMs,
  });
}

/** The card once all that it says matches. */
export function cardTells(
  { drive }: Talking,
  { ts }: Pick<Message, 'ts'>,
  says: RegExp,
  timeoutMs = 30_000,
): Promise<Message> {
  return drive.waitForMessage('platform', (message) => message.ts === ts && says.test(textOf(message)), {
    timeoutMs,
  });
}

/** The replies for its steps in the card's thread, once there are so many. */
export async function stepReplies(
  { drive }: Talking,
  { ts }: Pick<Message, 'ts'>,
  count: number,
): Promise<readonly string[]> {
  const found = await until(
    async () => {
      const steps = (await drive.thread('platform', ts)).filter(isStepReply);
      return steps.length >= count && steps;
    },
    { what: `there are ${String(count)} replies for steps`, timeoutMs: 30_000 },
  );
  return found.map(textOf);
}

function isStepReply(message: Message): boolean {
  return /^operation:[^:]+:s\d+$/.test(markerOf(message));
}
