import type { Message, View } from '../types.js';

/** People and channels go by name or id. */
export interface CommandInput {
  user: string;
  channel: string;
  text: string;
  command?: string;
}

export interface SayInput {
  user: string;
  channel: string;
  text: string;
  threadTs?: string;
}

export interface ClickInput {
  user: string;
  channel: string;
  ts: string;
  actionId: string;
  /** Left out: what the message's button carries. Given: sent as it is, also when no such button exists. */
  value?: string;
  blockId?: string;
}

export interface HomeClickInput {
  user: string;
  actionId: string;
  value?: string;
  blockId?: string;
}

export interface Acked {
  ackMs: number;
  ackBody?: unknown;
  /** What Slack would show instead of an answer. */
  failed?: 'dispatch_failed' | 'operation_timeout';
}

/** By block id and action id; a plain string fills in whatever input stands there. */
export type ViewValues = Record<string, Record<string, string | Record<string, unknown>>>;

export interface Submitted extends Acked {
  /** The bot refused the input: messages by block id. */
  errors?: Record<string, string>;
}

export interface WaitOptions {
  timeoutMs?: number;
}

/** Drives Slack as people would, and sees what they see. */
export interface Driver {
  command(input: CommandInput): Promise<Acked>;
  /** A message that begins with the bot's name. */
  mention(input: SayInput): Promise<{ ts: string }>;
  say(input: SayInput): Promise<{ ts: string }>;
  click(input: ClickInput): Promise<Acked>;
  clickInHome(input: HomeClickInput): Promise<Acked>;
  submitView(input: { user: string; values: ViewValues }): Promise<Submitted>;
  closeView(input: { user: string }): Promise<void>;
  openHome(user: string): Promise<void>;
  home(user: string): View | undefined;
  /** What the channel shows: no replies, no ephemerals; oldest first. */
  messages(channel: string): Promise<Message[]>;
  /** The root and its replies, oldest first. */
  thread(channel: string, ts: string): Promise<Message[]>;
  ephemerals(user?: string): Promise<Message[]>;
  /** The open modals, the one on top last; local-slack has one stack for the whole workspace. */
  views(): View[];
  modal(user?: string): View | undefined;
  /** Also replies and changes of older messages, but no ephemerals; a message that is there already counts. */
  waitForMessage(
    channel: string,
    matches: (message: Message) => boolean,
    options?: WaitOptions,
  ): Promise<Message>;
  waitForEphemeral(
    user: string,
    matches: (message: Message) => boolean,
    options?: WaitOptions,
  ): Promise<Message>;
  waitForModal(matches?: (view: View) => boolean, options?: WaitOptions): Promise<View>;
  waitForHome(user: string, matches?: (view: View) => boolean, options?: WaitOptions): Promise<View>;
}
