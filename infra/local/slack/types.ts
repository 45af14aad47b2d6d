/** People, channels and messages as tests and the playground speak of them. */

export interface LocalUser {
  id?: string;
  name: string;
  realName: string;
  bot?: boolean;
  restricted?: boolean;
  ultraRestricted?: boolean;
  /** Somebody of another workspace, seen through a shared channel. */
  stranger?: boolean;
  deleted?: boolean;
  teamId?: string;
}

export interface LocalChannel {
  id?: string;
  name: string;
  /** Names or ids; left out: everybody. */
  members?: string[];
  botIsMember?: boolean;
  private?: boolean;
  extShared?: boolean;
}

export interface LocalApp {
  name: string;
  commands: string[];
  token?: string;
  appToken?: string;
  signingSecret?: string;
  scopes?: string[];
  /** HTTP mode: where the bot takes Slack's signed requests. Left out: Socket Mode. */
  requestUrl?: string;
}

export interface Rates {
  /** Posts to one channel at once, before Slack's one per second holds. */
  postBurst: number;
  /** Multiplies the calls per minute of the other methods' tiers. */
  tierFactor: number;
}

export interface SlackOptions {
  users: LocalUser[];
  channels: LocalChannel[];
  app: LocalApp;
  userGroups?: Record<string, string[]>;
  /** Slack's limits, rates, expiries. Tokens and membership are checked always. */
  strict?: boolean;
  rates?: Partial<Rates>;
  /** How long Slack waits for an ack. */
  ackMs?: number;
  now?: () => number;
}

export interface TextObject {
  type: string;
  text: string;
  emoji?: boolean;
}

export interface ConfirmDialog {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: string;
}

export interface BlockElement {
  type: string;
  action_id?: string;
  value?: string;
  text?: TextObject | string;
  url?: string;
  style?: string;
  confirm?: ConfirmDialog;
  alt_text?: string;
  image_url?: string;
  placeholder?: TextObject;
  initial_value?: string;
  multiline?: boolean;
  options?: { text: TextObject; value: string }[];
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject;
  fields?: TextObject[];
  elements?: BlockElement[];
  accessory?: BlockElement;
  element?: BlockElement;
  label?: TextObject;
  optional?: boolean;
  image_url?: string;
  alt_text?: string;
  slack_file?: { id?: string; url?: string };
}

export interface Metadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  permalink: string;
  url_private: string;
}

export interface Message {
  type: string;
  ts: string;
  channel: string;
  text: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  subtype?: string;
  thread_ts?: string;
  blocks?: Block[];
  files?: SlackFile[];
  metadata?: Metadata;
  edited?: { user: string; ts: string };
  /** Of an ephemeral message: the one who sees it. */
  ephemeral_to?: string;
}

export interface View {
  id: string;
  type: string;
  callback_id?: string;
  private_metadata?: string;
  title?: TextObject;
  submit?: TextObject;
  close?: TextObject;
  blocks: Block[];
  hash: string;
}
