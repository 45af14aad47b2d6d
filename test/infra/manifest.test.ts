import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const text = readFileSync(new URL('../../infra/slack/manifest.yaml', import.meta.url), 'utf8');

interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[]; readonly user?: unknown } };
}

const manifest = parse(text) as Manifest;

describe('the Slack app’s manifest', () => {
  it('asks for no more than the bot uses', () => {
    expect(manifest.oauth_config.scopes).toEqual({
      bot: [
        'commands',
        'chat:write',
        'app_mentions:read',
        'users:read',
        'usergroups:read',
        'channels:read',
        'groups:read',
        'files:write',
        'channels:history',
        'groups:history',
      ],
    });
  });

  it('gives a reason for each scope', () => {
    const lines = text.split('\n').map((line) => line.trim());
    for (const scope of manifest.oauth_config.scopes.bot) {
      expect(lines[lines.indexOf(`- ${scope}`) - 1]).toMatch(/^# /);
    }
  });

  it('has the command, the mention, App Home, the buttons and Socket Mode', () => {
    expect(manifest).toMatchObject({
      features: {
        app_home: { home_tab_enabled: true, messages_tab_enabled: false },
        bot_user: { display_name: 'steward' },
        slash_commands: [{ command: '/etcd' }],
      },
      settings: {
        event_subscriptions: { bot_events: ['app_mention', 'app_home_opened'] },
        interactivity: { is_enabled: true },
        socket_mode_enabled: true,
      },
    });
  });

  it('keeps to Slack’s limits', () => {
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  });
});
