import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, Role } from '../../src/config/config.js';
import { configFileFrom } from '../../src/config/environment.js';
import { good, KEY, makeSandbox, type Sandbox, TOKENS } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(() => {
  sandbox = makeSandbox();
});
afterEach(() => {
  sandbox.remove();
});

describe('the environment', () => {
  const WRONG: [Environment, string][] = [
    [
      { ...TOKENS, SLACK_BOT_TOKEN: undefined },
      'SLACK_BOT_TOKEN: is missing; set it or SLACK_BOT_TOKEN_FILE.',
    ],
    [{ ...TOKENS, SLACK_BOT_TOKEN: '' }, 'SLACK_BOT_TOKEN: is missing'],
    [
      { ...TOKENS, SLACK_APP_TOKEN: 'xoxb-hush' },
      'SLACK_APP_TOKEN: must begin with xapp-; Slack makes it under',
    ],
    [{ ...TOKENS, SLACK_BOT_TOKEN_FILE: 'x' }, 'SLACK_BOT_TOKEN_FILE: is given as well as SLACK_BOT_TOKEN'],
    [{ ...TOKENS, REDIS_URL: 'hush:6379' }, 'REDIS_URL: is not a Redis URL'],
    [{ ...TOKENS, REDIS_URL_FILE: '/nowhere' }, 'REDIS_URL_FILE: /nowhere does not exist; name a file'],
    [{ ...TOKENS, STEWARD_KEY_FILE: '/nowhere' }, 'STEWARD_KEY_FILE: /nowhere does not exist; name a file'],
    [
      { ...TOKENS, STEWARD_KEY: 'hush' },
      'STEWARD_KEY: is shorter than 32 characters; make one with `openssl',
    ],
    [{ ...TOKENS, LOG_LEVEL: 'degub' }, 'LOG_LEVEL: is not a level; did you mean `debug`?'],
    [{ ...TOKENS, SLACK_API_URL: 'slack.com' }, 'SLACK_API_URL: must begin with http:// or https://'],
  ];

  it.each(WRONG.map(([env, message]) => ({ env, message })))('$message', ({ env, message }) => {
    const found = sandbox.problems(good(), env);
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain('hush');
  });

  it('may name files instead, whose line end is not part of the secret', () => {
    const env = {
      SLACK_BOT_TOKEN_FILE: sandbox.write('bot', 'xoxb-9\n'),
      SLACK_APP_TOKEN_FILE: sandbox.write('app', 'xapp-9\r\n'),
      STEWARD_KEY_FILE: sandbox.write('steward-key', `${KEY}\n`),
    };
    const { secrets } = sandbox.load(good(), env);
    expect(secrets.slackBotToken?.reveal()).toBe('xoxb-9');
    expect(secrets.slackAppToken?.reveal()).toBe('xapp-9');
    expect(secrets.key.reveal()).toBe(KEY);
    expect(secrets.redisUrl.reveal()).toBe('redis://127.0.0.1:6379');
  });

  it('sets the level, Slack’s base and the configuration’s file', () => {
    const env = { ...TOKENS, LOG_LEVEL: 'WARN', SLACK_API_URL: 'http://127.0.0.1:9/api/' };
    expect(sandbox.load(good(), env)).toMatchObject({
      logLevel: 'warn',
      slack: { apiUrl: 'http://127.0.0.1:9/api/' },
    });
    expect(configFileFrom({ STEWARD_CONFIG: '/etc/steward.yaml' })).toBe('/etc/steward.yaml');
    expect(configFileFrom({})).toBeNull();
  });
});

describe('the roles', () => {
  it.each<[Role, Environment, string[]]>([
    ['bot', {}, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'STEWARD_KEY']],
    ['reader', {}, ['STEWARD_KEY']],
    ['monitor', {}, ['STEWARD_KEY']],
    ['executor', {}, ['STEWARD_KEY']],
    ['all', {}, ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']],
    ['executor', { STEWARD_KEY: KEY }, []],
    ['bot', { ...TOKENS, STEWARD_KEY: KEY }, []],
  ])('%s with %j lacks %j', (role, env, missing) => {
    const names = sandbox.problems(good(), env, role).map((problem) => problem.split(': ')[0]);
    expect(names).toEqual(missing);
  });

  it('hands no Slack token to a role that knows no Slack', () => {
    const { secrets } = sandbox.load(good(), { ...TOKENS, STEWARD_KEY: KEY }, 'executor');
    expect(secrets).toMatchObject({ slackBotToken: null, slackAppToken: null, slackSigningSecret: null });
  });
});

describe('the key that role all makes', () => {
  const file = () => join(sandbox.directory, 'state/steward.key');

  it('is kept for its owner only, and found again', () => {
    const first = sandbox.load(good()).secrets.key.reveal();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(file(), 'utf8').trim()).toBe(first);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(sandbox.directory, 'state'))).toEqual(['steward.key']);
    expect(sandbox.load(good()).secrets.key.reveal()).toBe(first);
  });

  it('is not made while anything else is wrong', () => {
    expect(sandbox.problems(good({ colour: 1 }))).toHaveLength(1);
    expect(existsSync(file())).toBe(false);
  });

  it('is refused when everybody can read it, or when it is no key', () => {
    sandbox.load(good());
    chmodSync(file(), 0o644);
    expect(sandbox.problems(good())[0]).toContain('is open to everybody; run chmod 600 on it');
    chmodSync(file(), 0o600);
    sandbox.write('state/steward.key', 'short');
    expect(sandbox.problems(good())[0]).toContain('holds no key; remove it, and a new one is made');
  });
});
